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
  expect(problemsOf({ SECRET: 'short' })).toEqual(['SECRET: needs at least 32 characters']);
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
  expect(problemsOf({ ...redis, SECRET: 's'.repeat(32), ROLE: 'media' })).toEqual([]);
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
