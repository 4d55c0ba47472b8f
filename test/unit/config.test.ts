import { ConfigError, FEATURES, readConfig, readRecordsCommandConfig, type Feature } from '../../src/config';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

/** Everything that selling plans needs. */
const SELLING = {
  PUBLIC_URL: 'https://example.org',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_12',
  STRIPE_PRICES: '{"premium":"price_1"}',
};

test('O4 without any variable the node serves this machine alone', () => {
  const config = readConfig({});
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000 });
  expect(config.media.rtc).toMatchObject({ ip: '127.0.0.1', port: 40_000 });
  expect(config).toMatchObject({
    accounts: { minimumAge: 18 },
    http: { allowedOrigins: [], trustedProxies: [] },
    media: { iceServers: [] },
  });
  for (const part of [config, ...Object.values(config)]) expect(Object.isFrozen(part)).toBe(true);
});

test('O4 an empty variable means the same as none', () => {
  expect(readConfig({ PORT: '', OPERATOR_TOKEN: '', ICE_SERVERS: '' }).http.port).toBe(3000);
});

test('O4 all problems are named at once, each with its variable', () => {
  const problems = problemsOf({
    PORT: '70000',
    ICE_SERVERS: '[{"urls":"x"}]',
    REGION: 'Über',
    LOG_LEVEL: 'loud',
  });
  for (const name of ['PORT', 'ICE_SERVERS', 'REGION', 'LOG_LEVEL']) {
    expect(problems.some((problem) => problem.startsWith(`${name}:`))).toBe(true);
  }
});

test('O4 proxies and steps are checked like everything else', () => {
  expect(problemsOf({ TRUSTED_PROXIES: 'foo' })[0]).toMatch(/^TRUSTED_PROXIES:/);
  expect(problemsOf({ TRUSTED_PROXIES: '10.0.0.0/8, loopback, ::1' })).toEqual([]);
  expect(problemsOf({ MATCH_STEPS: '[]' })[0]).toMatch(/^MATCH_STEPS:/);
});

test('O4 media ports have to fit below 65536', () => {
  expect(problemsOf({ RTC_PORT: '65535', MEDIA_WORKERS: '2' })[0]).toMatch(/^RTC_PORT:/);
  expect(problemsOf({ RTC_PORT: '65534', MEDIA_WORKERS: '2' })).toEqual([]);
});

test('O4 an address that is none is a problem with a name, whatever else is asked of it', () => {
  for (const name of ['PUBLIC_URL', 'MONGODB_URI', 'SMTP_URL', 'ALLOWED_ORIGINS', 'STRIPE_API_URL']) {
    for (const value of ['foo', 'foo:', 'gopher://example.org']) {
      expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}: (item 1 )?is no `)]);
    }
  }
  expect(problemsOf({ PUBLIC_URL: 'https://example.org/path' })[0]).toMatch(/without a path/);
});

test('O4 problems are told in words that say what would be right', () => {
  expect(problemsOf({ PORT: 'abc' })).toEqual(['PORT: has to be a number']);
  expect(problemsOf({ PORT: '1.5' })).toEqual(['PORT: has to be a whole number']);
  expect(problemsOf({ PORT: '70000' })).toEqual(['PORT: may be at most 65535']);
  expect(problemsOf({ MINIMUM_AGE: '5' })).toEqual(['MINIMUM_AGE: has to be at least 13']);
  expect(problemsOf({ STRIPE_SECRET_KEY: 'sk' })).toEqual([
    'STRIPE_SECRET_KEY: has to be at least 8 characters long',
  ]);
  expect(problemsOf({ SECRET: '0123456789' })).toEqual(['SECRET: needs at least 32 characters']);
  expect(problemsOf({ ICE_SERVERS: '{}' })).toEqual(['ICE_SERVERS: has to be a list']);
  expect(problemsOf({ LOG_LEVEL: 'loud' })).toEqual([
    'LOG_LEVEL: has to be one of silent, fatal, error, warn, info, debug, trace',
  ]);
  expect(problemsOf({ MATCH_STEPS: '[]' })).toEqual(['MATCH_STEPS: has to name at least 1']);
  expect(problemsOf({ MATCH_STEPS: '[{"afterMs":"x"}]' })[0]).toMatch(
    /^MATCH_STEPS: item 1 afterMs has to be a number/,
  );
});

test('O4 a client that is not there is a problem where its folder was named', () => {
  expect(problemsOf({ CLIENT_DIR: '/nowhere' })).toEqual(['CLIENT_DIR: is no folder with a built client']);
  expect(problemsOf({ CLIENT_DIR: 'client' })).toEqual([]);
  expect(problemsOf({})).toEqual([]);
});

test('O4 every variable belongs to one feature', () => {
  const features: readonly Feature[] = Object.values(FEATURES);
  const names = features.flatMap(({ variables }) => Object.keys(variables));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('O4 variables that are not declared are ignored, also those that look like ours', () => {
  expect(
    problemsOf({ REDIS_URI: 'redis://localhost', STRIPE_PRICE: '{}', HTTP: 'x', MATCH_STEP: '[]' }),
  ).toEqual([]);
  expect(readConfig({ REDIS_URI: 'redis://localhost' })).toEqual(readConfig({}));
});

test('O4 a node of many needs the secret of all, and half a node needs the others', () => {
  const redis = { REDIS_URL: 'redis://localhost' };
  expect(problemsOf(redis)).toEqual(['SECRET: is needed beside REDIS_URL, the same on all nodes']);
  expect(problemsOf({ ...redis, SECRET: '0123456789'.repeat(4), ROLE: 'media' })).toEqual([]);
  expect(problemsOf({ ROLE: 'media' })).toEqual([
    'ROLE: media is only half of a node; the other half has to be found through REDIS_URL',
  ]);
});

test('O4 what is wrong with the address of Redis is told without its password', () => {
  for (const [url, why] of [
    ['redis://:hunter2@', 'a Redis address must be a URL such as redis://localhost:6379'],
    ['redis://:hunter2@host/db', 'the path of a Redis address must be a database number'],
    [
      'redis://:hunter2@a,redis://b',
      'all servers of a Redis cluster need the same scheme, user and password',
    ],
  ] as const) {
    expect(problemsOf({ REDIS_URL: url })).toEqual([`REDIS_URL: ${why}`]);
  }
});

test('O4 whatever the driver of MongoDB takes is an address of MongoDB', () => {
  for (const uri of [
    'mongodb://localhost',
    'mongodb://a,b:27018,c/db?replicaSet=rs0',
    'mongodb://me:p%40ss@a,b/?replicaSet=rs0&tls=true',
    'mongodb://[::1]:27017,[fe80::1]/db',
    'mongodb+srv://me:pw@cluster0.example.net/db?retryWrites=true',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock/db',
  ]) {
    expect(problemsOf({ MONGODB_URI: uri })).toEqual([]);
    expect(readConfig({ MONGODB_URI: uri }).records.mongodbUri).toBe(uri);
  }
});

test('O4 what is wrong with the address of MongoDB is told without its password', () => {
  for (const uri of [
    'mongodb://',
    'mongodb://me:hunter2@',
    'mongodb://me:hunter2@a:port/db',
    'mongodb://me:hun@ter2@a/db',
    'mongodb+srv://me:hunter2@a,b/db',
    'mongodb://a,b,/db?%',
  ]) {
    expect(problemsOf({ MONGODB_URI: uri })).toEqual([
      expect.stringMatching(/^MONGODB_URI: (?!.*hunter2)(?!.*ter2@)cannot be read/),
    ]);
  }
});

test.each([
  [{ OPERATOR_TOKEN: 'sixteen characters' }, /^OPERATOR_TOKEN: may hold only .* without spaces$/],
  [{ OPERATOR_TOKEN: 'schlüssel-des-betreibers' }, /^OPERATOR_TOKEN: may hold only/],
  [{ SECRET: `${'0123456789'.repeat(4)}\n` }, /^SECRET: must not begin or end with a space or a line break$/],
  [{ SECRET: 's'.repeat(40) }, /^SECRET: can be guessed/],
  [{ RTC_ANNOUNCED_ADDRESS: '203.0.113.7:40000' }, /^RTC_ANNOUNCED_ADDRESS: .* without a port$/],
  [{ RTC_ANNOUNCED_ADDRESS: 'https://example.org' }, /^RTC_ANNOUNCED_ADDRESS: .* without http/],
  [{ RTC_ANNOUNCED_ADDRESS: '0.0.0.0' }, /^RTC_ANNOUNCED_ADDRESS: .* others can send to$/],
  [{ RTC_ANNOUNCED_ADDRESS: '1.2.3' }, /^RTC_ANNOUNCED_ADDRESS: has to be an IP address or a host name/],
  [{ RTC_LISTEN_ADDRESS: 'example.org' }, /^RTC_LISTEN_ADDRESS: has to be an IP address alone/],
  [{ PIPE_ANNOUNCED_ADDRESS: 'node1' }, /^PIPE_ANNOUNCED_ADDRESS: has to be an IP address alone/],
  [{ PIPE_ANNOUNCED_ADDRESS: '::' }, /^PIPE_ANNOUNCED_ADDRESS: .* others can send to$/],
  [{ HOST: '0.0.0.0:3000' }, /^HOST: .* without a port$/],
  [{ HOST: 'http://localhost' }, /^HOST: .* without http/],
  [{ PORT: ' ' }, /^PORT: has to be a number$/],
  [{ PORT: '0x10' }, /^PORT: has to be a number$/],
  [{ DRAIN_SECONDS: '60s' }, /^DRAIN_SECONDS: has to be a number without a unit$/],
  [{ SKIPS_PER_MINUTE: '12/min' }, /^SKIPS_PER_MINUTE: has to be a number$/],
  [{ PUBLIC_URL: 'https://example.org/?a=b' }, /^PUBLIC_URL: has to be a host alone/],
  [{ PUBLIC_URL: 'https://me:pw@example.org' }, /^PUBLIC_URL: has to be a host alone/],
  [{ ALLOWED_ORIGINS: 'https://*.example.org' }, /^ALLOWED_ORIGINS: item 1 is no origin/],
  [{ ALLOWED_ORIGINS: 'https://a.example https://b.example' }, /^ALLOWED_ORIGINS: item 1 is no origin/],
  [{ MAIL_FROM: 'no-reply' }, /^MAIL_FROM: has to be an address/],
  [{ MAIL_FROM: 'Passerby no-reply@example.org' }, /^MAIL_FROM: has to be an address/],
  [{ MAIL_FROM: 'A <a@example.org>, b@example.org' }, /^MAIL_FROM: has to be an address/],
  [{ SMTP_URL: 'smtp://mail.example.org' }, /^MAIL_FROM: is needed beside SMTP_URL/],
  [{ SMTP_URL: 'smtp://' }, /^SMTP_URL: names no host$/],
  [{ SMTP_URL: 'smtp://localhost:0' }, /^SMTP_URL: names port 0/],
  [{ PUBLIC_URL: 'https://example.org:0' }, /^PUBLIC_URL: names port 0/],
  [{ PUBLIC_URL: 'http://0.0.0.0:3000' }, /^PUBLIC_URL: has to name a host that people can reach/],
  [{ PUBLIC_URL: 'http://[::]:3000' }, /^PUBLIC_URL: has to name a host that people can reach/],
  [{ ALLOWED_ORIGINS: 'https://example.org:0' }, /^ALLOWED_ORIGINS: item 1 names port 0/],
  [{ TRUSTED_PROXIES: 'loopback,0.0.0.0/0' }, /^TRUSTED_PROXIES: item 2 stands for all addresses/],
  [{ TRUSTED_PROXIES: '::/0' }, /^TRUSTED_PROXIES: item 1 stands for all addresses/],
  [{ KEEP_ALIVE_SECONDS: '0x10' }, /^KEEP_ALIVE_SECONDS: has to be a number$/],
  [{ KEEP_ALIVE_SECONDS: '75s' }, /^KEEP_ALIVE_SECONDS: has to be a number without a unit$/],
  [{ MONGODB_URI: 'mongodb://a/b/c' }, /^MONGODB_URI: names a database that cannot be/],
  [{ MONGODB_URI: 'mongodb://a/pass%20er%2Eby' }, /^MONGODB_URI: names a database that cannot be/],
  [{ MONGODB_URI: `mongodb://a/${'b'.repeat(64)}` }, /^MONGODB_URI: names a database that cannot be/],
  [{ RTC_ANNOUNCED_ADDRESS: '224.0.0.1' }, /^RTC_ANNOUNCED_ADDRESS: .* others can send to$/],
  [{ RTC_ANNOUNCED_ADDRESS: '255.255.255.255' }, /^RTC_ANNOUNCED_ADDRESS: .* others can send to$/],
  [{ RTC_ANNOUNCED_ADDRESS: 'ff02::1' }, /^RTC_ANNOUNCED_ADDRESS: .* others can send to$/],
  [{ PIPE_ANNOUNCED_ADDRESS: '239.1.1.1' }, /^PIPE_ANNOUNCED_ADDRESS: .* others can send to$/],
  [
    { RTC_LISTEN_ADDRESS: '::1', RTC_ANNOUNCED_ADDRESS: '1.2.3.4' },
    /^RTC_ANNOUNCED_ADDRESS: is an IPv4 address, but media arrives on ::1: set RTC_LISTEN_ADDRESS to an IPv4/,
  ],
  [
    { RTC_LISTEN_ADDRESS: '0.0.0.0', RTC_ANNOUNCED_ADDRESS: '2001:db8::1' },
    /^RTC_ANNOUNCED_ADDRESS: is an IPv6 address, but media arrives on 0\.0\.0\.0: set RTC_LISTEN_ADDRESS to an IPv6/,
  ],
  [
    { PIPE_LISTEN_ADDRESS: '10.0.0.7', PIPE_ANNOUNCED_ADDRESS: '2001:db8::1' },
    /^PIPE_ANNOUNCED_ADDRESS: is an IPv6 address, but media arrives on 10\.0\.0\.7: set PIPE_LISTEN_ADDRESS/,
  ],
  [{ ...SELLING, STRIPE_SECRET_KEY: 'sk_test_1\n' }, /^STRIPE_SECRET_KEY: may hold only .* without spaces$/],
  [{ ...SELLING, STRIPE_SECRET_KEY: 'pk_live_1' }, /^STRIPE_SECRET_KEY: has to begin with sk_ or rk_: /],
  [{ ...SELLING, STRIPE_WEBHOOK_SECRET: 'whsec_12\n' }, /^STRIPE_WEBHOOK_SECRET: may hold only/],
  [{ ...SELLING, STRIPE_WEBHOOK_SECRET: 'sk_test_1' }, /^STRIPE_WEBHOOK_SECRET: has to begin with whsec_: /],
  [
    { ...SELLING, STRIPE_PRICES: '{"premium":"prod_1"}' },
    /^STRIPE_PRICES: premium has to be the id of a price/,
  ],
  [
    { ...SELLING, STRIPE_PRICES: '{"premium":["price_1","prod_1"]}' },
    /^STRIPE_PRICES: premium item 2 has to be the id of a price/,
  ],
  [{ ...SELLING, STRIPE_PRICES: '{"premium":7}' }, /^STRIPE_PRICES: premium has to be the id of a price, or/],
  [{ SMTP_URL: 'smtp://me@mail.example.org' }, /^SMTP_URL: needs a user and a password/],
  [{ RTC_PORT: '3000' }, /^RTC_PORT: .* PORT is one of them$/],
  [{ RTC_PORT: '2998', MEDIA_WORKERS: '3' }, /^RTC_PORT: .* PORT is one of them$/],
  [{ ICE_SERVERS: '[{"urls":["turn:turn.example.org"]}]' }, /^ICE_SERVERS: item 1 names a TURN server/],
  [
    { ICE_SERVERS: '[{"urls":["stun://stun.example.org"]}]' },
    /^ICE_SERVERS: item 1 urls item 1 is no address/,
  ],
  [{ ICE_SERVERS: '[{"urls":["stun:a?transport=udp"]}]' }, /^ICE_SERVERS: item 1 urls item 1 takes/],
  [{ ICE_SERVERS: '[{"urls":["stun:a:70000"]}]' }, /^ICE_SERVERS: item 1 urls item 1 is no address/],
])('O4 a setting that cannot work is named with what to write instead: %j', (environment, problem) => {
  expect(problemsOf(environment)).toEqual([expect.stringMatching(problem)]);
});

test('O4 settings that look odd and work are taken', () => {
  const odd: readonly Record<string, string>[] = [
    { OPERATOR_TOKEN: 'aB3-._~+/=!"§'.replace('§', '$').repeat(2) },
    { HOST: '::', RTC_ANNOUNCED_ADDRESS: 'media_1.example.org.' },
    { RTC_LISTEN_ADDRESS: '::', RTC_ANNOUNCED_ADDRESS: '2001:db8::1' },
    { RTC_LISTEN_ADDRESS: '::', RTC_ANNOUNCED_ADDRESS: '203.0.113.7' },
    { HOST: '0.0.0.0', RTC_LISTEN_ADDRESS: '0.0.0.0', RTC_ANNOUNCED_ADDRESS: '127.0.0.1' },
    { TRUSTED_PROXIES: '0.0.0.0/1, 2001:db8::/32' },
    { MONGODB_URI: `mongodb://a/${'ä'.repeat(31)}_` },
    { ...SELLING, STRIPE_SECRET_KEY: 'rk_live_1', STRIPE_PRICES: '{"premium":["price_1","plan_old"]}' },
    {
      PUBLIC_URL: 'https://[2001:db8::1]:8443',
      ALLOWED_ORIGINS: 'http://localhost:5173, https://bücher.example',
    },
    { SMTP_URL: 'smtp://localhost:1025' },
    {
      SMTP_URL: 'smtps://me%40example.org:p%2Fw@mail.example.org?pool=true',
      MAIL_FROM: 'Ä. B. <ab@example.org>',
    },
    { MAIL_FROM: 'no-reply@localhost' },
    { RTC_PORT: '3001', MEDIA_WORKERS: '4' },
    { PORT: '0', RTC_PORT: '0' },
    { ICE_SERVERS: '[{"urls":["stun:[2001:db8::1]:3478","stuns:stun.example.org"]}]' },
    {
      ICE_SERVERS:
        '[{"urls":["turn:10.0.0.1:3478?transport=tcp","turns:t.example.org"],"username":"u","credential":"c"}]',
    },
    { SECRET: 'four words with spaces between them' },
  ];
  for (const environment of odd) expect(problemsOf(environment)).toEqual([]);
});

test('O4 nodes that name no address for their pipes reach each other with no media', () => {
  const many = { REDIS_URL: 'redis://localhost', SECRET: '0123456789'.repeat(4) };
  expect(problemsOf({ ...many, PIPE_LISTEN_ADDRESS: '0.0.0.0' })).toEqual([
    'PIPE_ANNOUNCED_ADDRESS: is needed beside a PIPE_LISTEN_ADDRESS of all addresses, which name none',
  ]);
  expect(problemsOf({ ...many, PIPE_LISTEN_ADDRESS: '0.0.0.0', PIPE_ANNOUNCED_ADDRESS: '10.0.0.7' })).toEqual(
    [],
  );
});

test('P2 money is taken only where everything for it is set', () => {
  expect(problemsOf({ STRIPE_PRICES: '{"premium":"price_1"}' })).toEqual([
    'STRIPE_PRICES: sells nothing without STRIPE_SECRET_KEY',
  ]);
  expect(problemsOf({ STRIPE_SECRET_KEY: 'sk_test_1' })).toEqual([
    'STRIPE_WEBHOOK_SECRET: is needed beside STRIPE_SECRET_KEY',
    'PUBLIC_URL: is needed to sell plans',
    'STRIPE_PRICES: names no plan to sell',
  ]);
  expect(
    problemsOf({
      STRIPE_WEBHOOK_SECRET: 'whsec_12',
      PUBLIC_URL: 'https://example.org',
      STRIPE_PRICES: '{"free":"price_1"}',
    }),
  ).toEqual([
    'STRIPE_SECRET_KEY: is needed beside STRIPE_WEBHOOK_SECRET',
    'STRIPE_PRICES: there is no plan free that costs something',
  ]);
});

test('P2 plans come from a file, and what is wrong with it is named', () => {
  expect(readConfig({ PLANS_FILE: 'config/plans.json' }).billing).toEqual(readConfig({}).billing);
  expect(problemsOf({ PLANS_FILE: '/nowhere' })).toEqual(['PLANS_FILE: /nowhere cannot be read']);
  expect(problemsOf({ PLANS_FILE: 'README.md' })).toEqual(['PLANS_FILE: README.md is not JSON']);
  expect(problemsOf({ PLANS_FILE: 'package.json' })).toEqual(['PLANS_FILE: has to be a list']);
});

test('O4 values take the units that the program counts in', () => {
  const config = readConfig({
    DRAIN_SECONDS: '5',
    SKIPS_PER_MINUTE: '30',
    PUBLIC_URL: 'https://chat.example.org/',
    ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080/x',
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_12',
    STRIPE_PRICES: '{"premium":"price_1"}',
    STRIPE_API_URL: 'http://localhost',
  });
  expect(config.cluster.drainMs).toBe(5000);
  expect(config.matchmaking.skips).toEqual({ burst: 6, perSecond: 0.5 });
  expect(config.http).toMatchObject({
    publicUrl: 'https://chat.example.org',
    allowedOrigins: ['https://a.example', 'http://b.example:8080', 'https://chat.example.org'],
  });
  expect(config.billing.stripe?.api).toEqual({ host: 'localhost', port: 80, protocol: 'http' });
});

test('V8 media from other nodes arrives where that of clients does, unless something else is set', () => {
  expect(readConfig({}).media.rtc).not.toHaveProperty('pipe');
  expect(readConfig({ PIPE_ANNOUNCED_ADDRESS: '10.0.0.7' }).media.rtc.pipe).toEqual({
    ip: '127.0.0.1',
    announcedAddress: '10.0.0.7',
  });
  expect(readConfig({ PIPE_LISTEN_ADDRESS: '0.0.0.0' }).media.rtc.pipe).toEqual({ ip: '0.0.0.0' });
});

test('V1 media listens everywhere where pages are served to other machines', () => {
  expect(readConfig({ HOST: '10.0.0.7', RTC_ANNOUNCED_ADDRESS: 'example.org' }).media.rtc).toMatchObject({
    ip: '0.0.0.0',
    announcedAddress: 'example.org',
  });
  expect(readConfig({ HOST: 'localhost' }).media.rtc).toMatchObject({ ip: '127.0.0.1' });
});

test('T4 commands on the records need no configuration that a server could start with', () => {
  const environment = {
    MONGODB_URI: 'mongodb://localhost/x',
    LOG_LEVEL: 'debug',
    REDIS_URL: 'redis://localhost',
    STRIPE_SECRET_KEY: 'sk_test_1',
    RTC_PORT: '65535',
    MEDIA_WORKERS: '2',
  };
  expect(problemsOf(environment).length).toBeGreaterThan(2);
  const config = readRecordsCommandConfig(environment);
  expect(config).toMatchObject({
    records: { mongodbUri: 'mongodb://localhost/x' },
    logging: { level: 'debug' },
  });
  expect(Object.isFrozen(config)).toBe(true);
  expect(() => readRecordsCommandConfig({ MONGODB_URI: 'localhost' })).toThrow(ConfigError);
});
