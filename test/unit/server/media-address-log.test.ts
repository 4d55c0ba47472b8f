import { Writable } from 'node:stream';
import pino from 'pino';
import { readConfig } from '../../../src/config';
import { logMediaAddress, mediaAddressWarning } from '../../../src/server/media-address-log';

const INTERFACES = [
  { name: 'docker0', address: '172.17.0.1' },
  { name: 'eth0', address: '10.0.0.4' },
];
const warningOf = (environment: Record<string, string>): string | undefined =>
  mediaAddressWarning(readConfig(environment, INTERFACES));

test('V1 the log of the start names the announced address and what decided it', () => {
  const lines: string[] = [];
  const log = pino(new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }));
  logMediaAddress(log, readConfig({ HOST: '0.0.0.0' }, INTERFACES));
  logMediaAddress(log, readConfig({ HOST: '203.0.113.7' }, INTERFACES));
  logMediaAddress(log, readConfig({ RTC_ANNOUNCED_ADDRESS: 'media.example.org' }, INTERFACES));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 30, address: '10.0.0.4', from: 'eth0' }),
    expect.objectContaining({ level: 30, address: '203.0.113.7', from: 'HOST' }),
    expect.objectContaining({ level: 30, address: 'media.example.org', from: 'RTC_ANNOUNCED_ADDRESS' }),
  ]);
});

test('V1 a private announced address is warned of where the product is public', () => {
  expect(warningOf({ HOST: '203.0.113.7', RTC_ANNOUNCED_ADDRESS: '10.0.0.4' })).toMatch(
    /10\.0\.0\.4, which is private, but HOST 203\.0\.113\.7 is public: set RTC_ANNOUNCED_ADDRESS/,
  );
  expect(warningOf({ HOST: '0.0.0.0', PUBLIC_URL: 'https://chat.example.org' })).toMatch(
    /10\.0\.0\.4, which is private, but PUBLIC_URL https:\/\/chat\.example\.org is public/,
  );
});

test('V1 media that is taken from this machine alone is warned of behind a proxy', () => {
  expect(warningOf({ PUBLIC_URL: 'https://chat.example.org' })).toMatch(/set RTC_LISTEN_ADDRESS=0\.0\.0\.0/);
});

test('V1 media that clients are told to send to themselves is warned of where others are served', () => {
  const announced = { RTC_LISTEN_ADDRESS: '0.0.0.0', RTC_ANNOUNCED_ADDRESS: '127.0.0.1' };
  expect(warningOf({ HOST: '0.0.0.0', ...announced })).toMatch(
    /send media to 127\.0\.0\.1, their own machine, but HOST 0\.0\.0\.0 .* set RTC_ANNOUNCED_ADDRESS/,
  );
  expect(warningOf({ HOST: '10.0.0.4', ...announced })).toMatch(/HOST 10\.0\.0\.4 serves other machines/);
  expect(warningOf({ HOST: 'localhost', ...announced })).toBeUndefined();
});

test('V1 there is no warning where people can reach what is announced', () => {
  const fine: Record<string, string>[] = [
    {},
    { HOST: '0.0.0.0' },
    { HOST: '203.0.113.7' },
    { HOST: '10.0.0.4', PUBLIC_URL: 'http://chat.internal' },
    { PUBLIC_URL: 'https://chat.example.org', RTC_ANNOUNCED_ADDRESS: '203.0.113.7' },
    { PUBLIC_URL: 'https://chat.example.org', RTC_ANNOUNCED_ADDRESS: 'media.example.org' },
  ];
  for (const environment of fine) {
    expect([environment, warningOf(environment)]).toEqual([environment, undefined]);
  }
});
