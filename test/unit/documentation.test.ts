import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { FEATURES, readConfig, type Feature } from '../../src/config';
import { GENERATED, withGeneratedPart } from '../../src/documentation';

const read = (file: string): string => readFileSync(path.resolve(__dirname, '../..', file), 'utf8');

const sample = read('config/passerby.env.example');
const features: readonly Feature[] = Object.values(FEATURES);
const variables = features.flatMap(({ variables }) => Object.entries(variables));

/** The sample file with these variables no longer commented out. */
const uncommented = (isWanted: (name: string) => boolean): Record<string, string | undefined> =>
  parseEnv(sample.replaceAll(/^#([A-Z_]+)=/gm, (line, name: string) => (isWanted(name) ? `${name}=` : line)));

test.each(GENERATED)('O4 the generated part of $file ($marker) is up to date: npm run docs', (part) => {
  expect(withGeneratedPart(part, read(part.file))).toBe(read(part.file));
});

test('O4 a generated part replaces what is between its markers and nothing else', () => {
  const part = { file: 'x.md', marker: 'list', render: () => 'new' };
  const text = 'before\n<!-- list:begin -->\n\nold\n\n<!-- list:end -->\nafter\n';
  expect(withGeneratedPart(part, text)).toBe(
    'before\n<!-- list:begin -->\n\nnew\n\n<!-- list:end -->\nafter\n',
  );
  expect(withGeneratedPart({ ...part, marker: null }, text)).toBe('new');
});

test.each(['', '<!-- list:begin -->', '<!-- list:end -->\n<!-- list:begin -->'])(
  'O4 a file without both markers in order is rejected: %j',
  (text) => {
    const part = { file: 'x.md', marker: 'list', render: () => 'new' };
    expect(() => withGeneratedPart(part, text)).toThrow('x.md needs the lines');
  },
);

test('O4 README and sample file name each variable exactly once, in the order of the features', () => {
  const names = variables.map(([name]) => name);
  const inReadme = read('README.md')
    .split('<!-- configuration:begin -->')[1]
    ?.split('<!-- configuration:end -->')[0]
    ?.matchAll(/^\| `([A-Z_]+)` \|/gm);
  expect([...(inReadme ?? [])].map(([, name]) => name)).toEqual(names);
  expect([...sample.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)).toEqual(names);
});

test('O4 the sample file sets nothing as it is, and its defaults are those of the program', () => {
  expect(uncommented(() => false)).toEqual({});
  const withDefault = new Set(
    variables
      .filter(([, declared]) => !['', '[]', '{}'].includes(declared.default ?? ''))
      .map(([name]) => name),
  );
  const set = uncommented((name) => withDefault.has(name));
  expect(Object.keys(set).sort()).toEqual([...withDefault].sort());
  expect(readConfig(set)).toEqual(readConfig({}));
});

test('O4 the samples of all variables together are a configuration that can be used', () => {
  const isClientBuilt = existsSync(path.resolve('build/client/index.html'));
  const samples = uncommented((name) => name !== 'CLIENT_DIR' || isClientBuilt);
  // Secrets have no example that an operator could leave in place.
  const secret = '0123456789abcdef'.repeat(2);
  const secrets = {
    OPERATOR_TOKEN: secret,
    SECRET: secret,
    STRIPE_SECRET_KEY: `sk_test_${secret}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${secret}`,
  };
  expect(
    Object.keys(samples)
      .filter((name) => samples[name] === '')
      .sort(),
  ).toEqual(Object.keys(secrets));
  const config = readConfig({ ...samples, ...secrets });
  expect(config).toMatchObject({
    http: { publicUrl: 'https://chat.example.org', trustedProxies: ['loopback', '10.0.0.0/8'] },
    cluster: { redisUrl: 'redis://10.0.0.5' },
    media: { iceServers: [{ urls: ['stun:stun.example.org:3478'] }] },
    mail: { from: 'Passerby <no-reply@example.org>' },
  });
  expect([...(config.billing.stripe?.prices.keys() ?? [])]).toEqual(['premium']);
});

test('O4 every variable has whole sentences and a default in words', () => {
  for (const [name, { description, defaultInWords }] of variables) {
    expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z].{20,}\.$/)]);
    expect([name, defaultInWords]).toEqual([name, expect.stringMatching(/[^.]$/)]);
  }
});
