import type { IncomingMessage } from 'node:http';
import express from 'express';
import { originReader, type RequestOrigin } from '../../../src/http/addresses';
import { ForwardingMonitor } from '../../../src/http/forwarding-monitor';

function requestOf(peer: string | undefined, headers: Record<string, string>): IncomingMessage {
  // Only these two parts of a request are read.
  return { headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
}

const readerFor = (...trusted: string[]) => {
  const app = express();
  app.set('trust proxy', trusted);
  return originReader(app);
};

const originOf = (peer: string, forwarded: string, ...trusted: string[]): RequestOrigin =>
  readerFor(...trusted)(requestOf(peer, { 'x-forwarded-for': forwarded }));

test.each([
  ['10.0.0.1', '203.0.113.7:5678', '203.0.113.7'],
  ['::ffff:10.0.0.1', '203.0.113.7:5679', '203.0.113.7'],
  ['10.0.0.1', '"[2001:db8:1:2::7]:443"', '2001:db8:1:2::/64'],
  // The client wrote the first entry itself.
  ['10.0.0.1', '198.51.100.1, 203.0.113.7:1', '203.0.113.7'],
  // A second trusted proxy, which has a port as well.
  ['10.0.0.1', '203.0.113.7:1, 10.0.0.2:8080', '203.0.113.7'],
  ['10.0.0.1', ' , 203.0.113.7 ,', '203.0.113.7'],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
])('S5 behind a trusted proxy %s, "%s" comes from %s', (peer, forwarded, household) => {
  expect(originOf(peer, forwarded, '10.0.0.0/8')).toEqual({ household, forwarding: 'trusted' });
});

test('S5 a trusted proxy that names no address stands for its clients itself, whatever they vary', () => {
  for (const forwarded of ['unknown', '_x1', '_x2', '203.0.113.7:99999999', 'a.example', '203.0.113.7, _x']) {
    expect(originOf('10.0.0.1', forwarded, '10.0.0.0/8')).toEqual({
      household: '10.0.0.1',
      forwarding: 'unreadable',
    });
  }
  expect(originOf('10.0.0.1', '_x, 10.0.0.2', '10.0.0.0/8').household).toBe('10.0.0.2');
});

test('S5 a peer that is no trusted proxy is believed nothing', () => {
  expect(originOf('192.0.2.1', '203.0.113.7', '10.0.0.0/8')).toEqual({
    household: '192.0.2.1',
    forwarding: 'untrusted',
  });
  const reader = readerFor('10.0.0.0/8');
  expect(reader(requestOf('192.0.2.1', {}))).toEqual({ household: '192.0.2.1', forwarding: 'direct' });
  expect(reader(requestOf(undefined, {})).household).toBe('unknown');
});

test('S5 a trusted proxy that names the client in another header is noticed', () => {
  const reader = readerFor('10.0.0.0/8');
  for (const header of ['forwarded', 'x-real-ip']) {
    expect(reader(requestOf('10.0.0.1', { [header]: 'for=203.0.113.7' })).forwarding).toBe('unreadable');
  }
});

test('S5 a proxy that is not trusted is warned of once, without any address, and counted', () => {
  const warnings: unknown[] = [];
  const monitor = new ForwardingMonitor((...warning) => warnings.push(warning));
  const reader = readerFor('10.0.0.0/8');
  const note = (peer: string, headers: Record<string, string>): void =>
    monitor.note(requestOf(peer, headers), reader);
  note('192.0.2.1', {});
  note('10.0.0.1', { 'x-forwarded-for': '203.0.113.7' });
  expect(warnings).toEqual([]);
  for (let i = 0; i < 3; i += 1) note('172.18.0.2', { 'x-forwarded-for': `203.0.113.${i}` });
  expect(warnings).toEqual([[expect.stringContaining('TRUSTED_PROXIES'), { peer: 'private' }]]);
  for (let i = 0; i < 2; i += 1) note('10.0.0.1', { 'x-forwarded-for': 'unknown' });
  expect(warnings).toHaveLength(2);
  expect(JSON.stringify(warnings)).not.toMatch(/\d+\.\d+\.\d+/);
  expect(monitor.counts).toEqual({ trusted: 1, untrusted: 3, unreadable: 2 });
});
