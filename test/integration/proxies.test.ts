import { z } from 'zod';
import { ProtocolClient } from '../support/client';
import { startNode, type TestNode } from '../support/node';

const nodes: TestNode[] = [];
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
});

async function nodeWith(environment: Record<string, string>): Promise<TestNode> {
  const node = await startNode({ MEDIA_WORKERS: '1', SOCKETS_PER_ADDRESS: '2', ...environment });
  nodes.push(node);
  return node;
}

const forwardedFor = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

async function forwardingOf(node: TestNode): Promise<unknown> {
  const response = await fetch(`${node.url}/videochat/health`);
  return z.object({ forwarding: z.unknown() }).parse(await response.json()).forwarding;
}

test.each([
  ['a port', (n: number) => `203.0.113.7:${n}`],
  ['a port on IPv6', (n: number) => `"[2001:db8::7]:${n}"`],
  ['IPv4 inside IPv6', (n: number) => ['203.0.113.7', '::ffff:203.0.113.7', '[::ffff:cb00:7107]:9'][n]],
  ['names that mean nothing', (n: number) => `_${n}`],
])('S5 sockets of one address are limited, whatever the proxy adds: %s', async (_what, entry) => {
  const node = await nodeWith({ TRUSTED_PROXIES: 'loopback' });
  for (const n of [0, 1]) {
    await ProtocolClient.connect(node.wsUrl, undefined, forwardedFor(entry(n) ?? ''));
  }
  const third = await ProtocolClient.open(node.wsUrl, forwardedFor(entry(2) ?? ''));
  expect(await third.untilClosed()).toMatchObject({ code: 4005 });
  const other = await ProtocolClient.connect(node.wsUrl, undefined, forwardedFor('198.51.100.9:1'));
  other.close();
});

test('S5 health counts requests of proxies that are not trusted', async () => {
  const trusting = await nodeWith({ TRUSTED_PROXIES: 'loopback' });
  expect(await forwardingOf(trusting)).toEqual({ trusted: 0, untrusted: 0, unreadable: 0 });
  const client = await ProtocolClient.connect(trusting.wsUrl, undefined, forwardedFor('203.0.113.7:1'));
  client.close();
  await fetch(`${trusting.url}/videochat/health`, { headers: forwardedFor('unknown') });
  expect(await forwardingOf(trusting)).toEqual({ trusted: 1, untrusted: 0, unreadable: 1 });
  const distrusting = await nodeWith({});
  await fetch(`${distrusting.url}/videochat/health`, { headers: forwardedFor('203.0.113.7') });
  expect(await forwardingOf(distrusting)).toEqual({ trusted: 0, untrusted: 1, unreadable: 0 });
});
