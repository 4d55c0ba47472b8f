import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { originRule } from '../../../src/http/origins';

function request(headers: Record<string, string>): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  Object.assign(message.headers, headers);
  return message;
}
const ours = originRule(['https://other.example']);

test.each([
  ['https://passerby.example', 'passerby.example', true],
  ['http://passerby.example', 'passerby.example', true],
  // Names of hosts have no case, and the usual port may be named.
  ['https://passerby.example', 'Passerby.EXAMPLE', true],
  ['https://passerby.example', 'passerby.example:443', true],
  ['http://localhost:3000', 'localhost:3000', true],
  ['https://other.example', 'passerby.example', true],
  ['http://other.example', 'passerby.example', false],
  ['http://localhost:3000', 'localhost:3001', false],
  ['https://passerby.example.evil.example', 'passerby.example', false],
  ['https://evil.example', 'passerby.example', false],
  ['null', 'passerby.example', false],
  ['null', 'null', false],
  ['file://passerby.example', 'passerby.example', false],
  ['https://', '', false],
])('S5 a page of %s is ours where the host is %s: %s', (origin, host, is) => {
  expect(ours(request({ origin, host }))).toBe(is);
});

test('S5 without an origin it is no page of a browser, unless the rule is told otherwise', () => {
  expect(ours(request({ host: 'passerby.example' }))).toBe(true);
  const strict = originRule([], {
    withoutOrigin: ({ headers }) => headers['sec-fetch-site'] === 'same-origin',
  });
  expect(strict(request({ host: 'passerby.example' }))).toBe(false);
  expect(strict(request({ host: 'passerby.example', 'sec-fetch-site': 'same-origin' }))).toBe(true);
});

test('S5 a request over TLS from a page of the same host without TLS is rejected', () => {
  const overTls = originRule([], { isTls: () => true });
  const host = 'passerby.example';
  expect(overTls(request({ host, origin: 'https://passerby.example' }))).toBe(true);
  expect(overTls(request({ host, origin: 'http://passerby.example' }))).toBe(false);
});
