import { ConfigError, readConfig } from '../../src/config';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

test('O4 without any variable the node serves this machine alone', () => {
  const config = readConfig({});
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000 });
  expect(config.rtc).toMatchObject({ ip: '127.0.0.1', port: 40_000 });
  expect(config).toMatchObject({
    minimumAge: 18,
    allowedOrigins: [],
    trustedProxies: [],
    iceServers: [],
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('O4 an empty variable means the same as none', () => {
  expect(readConfig({ PORT: '', OPERATOR_TOKEN: '', ICE_SERVERS: '' }).http.port).toBe(3000);
});

test('O4 all faults are named at once, each with its variable', () => {
  const faults = faultsOf({
    PORT: '70000',
    ICE_SERVERS: '[{"urls":"x"}]',
    REGION: 'Über',
    LOG_LEVEL: 'loud',
  });
  for (const name of ['PORT', 'ICE_SERVERS', 'REGION', 'LOG_LEVEL']) {
    expect(faults.some((fault) => fault.startsWith(`${name}:`))).toBe(true);
  }
});

test('O4 proxies and steps are checked like everything else', () => {
  expect(faultsOf({ TRUSTED_PROXIES: 'foo' })[0]).toMatch(/^TRUSTED_PROXIES:/);
  expect(faultsOf({ TRUSTED_PROXIES: '10.0.0.0/8, loopback, ::1' })).toEqual([]);
  expect(faultsOf({ MATCH_STEPS: '[]' })[0]).toMatch(/^MATCH_STEPS:/);
});

test('O4 media ports have to fit below 65536', () => {
  expect(faultsOf({ RTC_PORT: '65535', MEDIA_WORKERS: '2' })[0]).toMatch(/^RTC_PORT:/);
  expect(faultsOf({ RTC_PORT: '65534', MEDIA_WORKERS: '2' })).toEqual([]);
});

test('O4 an address that is none is a fault with a name, whatever else is asked of it', () => {
  for (const name of ['PUBLIC_URL', 'MONGODB_URI', 'SMTP_URL', 'ALLOWED_ORIGINS', 'STRIPE_API_URL']) {
    for (const value of ['foo', 'foo:', 'gopher://example.org']) {
      expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}: (item 1 )?is no `)]);
    }
  }
  expect(faultsOf({ PUBLIC_URL: 'https://example.org/path' })[0]).toMatch(/without a path/);
});

test('O4 faults are told in words that say what would be right', () => {
  expect(faultsOf({ PORT: 'abc' })).toEqual(['PORT: has to be a number']);
  expect(faultsOf({ PORT: '1.5' })).toEqual(['PORT: has to be a whole number']);
  expect(faultsOf({ PORT: '70000' })).toEqual(['PORT: may be at most 65535']);
  expect(faultsOf({ MINIMUM_AGE: '5' })).toEqual(['MINIMUM_AGE: has to be at least 13']);
  expect(faultsOf({ STRIPE_SECRET_KEY: 'sk' })).toEqual([
    'STRIPE_SECRET_KEY: has to be at least 8 characters long',
  ]);
  expect(faultsOf({ SECRET: 'short' })).toEqual(['SECRET: needs at least 32 characters']);
  expect(faultsOf({ ICE_SERVERS: '{}' })).toEqual(['ICE_SERVERS: has to be a list']);
  expect(faultsOf({ LOG_LEVEL: 'loud' })).toEqual([
    'LOG_LEVEL: has to be one of silent, fatal, error, warn, info, debug, trace',
  ]);
  expect(faultsOf({ MATCH_STEPS: '[]' })).toEqual(['MATCH_STEPS: has to name at least 1']);
  expect(faultsOf({ MATCH_STEPS: '[{"afterMs":"x"}]' })[0]).toMatch(
    /^MATCH_STEPS: item 1 afterMs has to be a number/,
  );
});

test('O4 a client that is not there is a fault where its folder was named', () => {
  expect(faultsOf({ CLIENT_DIR: '/nowhere' })).toEqual(['CLIENT_DIR: is no folder with a built client']);
  expect(faultsOf({ CLIENT_DIR: 'client' })).toEqual([]);
  expect(faultsOf({})).toEqual([]);
});
