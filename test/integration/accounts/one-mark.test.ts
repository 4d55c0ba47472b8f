import { ApiBrowser } from '../../support/api-browser';
import { startNode, type TestNode } from '../../support/node';
import { ProtocolClient } from '../../support/client';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MEDIA_WORKERS: '1', TRUSTED_PROXIES: 'loopback' });
});
afterAll(() => node.close());

/** The hash of the address of a socket from there. */
async function markOfSocket(address: string | undefined): Promise<string | null | undefined> {
  const headers: Record<string, string> = address === undefined ? {} : { 'x-forwarded-for': address };
  const visitor = await ProtocolClient.connect(node.wsUrl, undefined, headers);
  const mark = node.parts.peers.get(visitor.id)?.addressHash;
  visitor.close();
  return mark;
}

/** The hash of the address of an API request from there, as the audit log has it. */
async function markOfRequest(address: string | undefined, userAgent: string): Promise<string | null> {
  const browser = new ApiBrowser(node.url.replace('localhost', '127.0.0.1'), {
    'user-agent': userAgent,
    ...(address === undefined ? {} : { 'x-forwarded-for': address }),
  });
  const body = { email: 'nobody@example.org', password: 'a guess' };
  expect(await browser.codeOf('logIn', { body })).toBe('wrong_credentials');
  await node.parts.records.outbox.drained(2_000);
  const [entry] = await node.parts.records.collections.audit.find({ userAgent });
  return entry?.addressHash ?? null;
}

test.each([
  ['no proxy', undefined, undefined],
  ['IPv4', '203.0.113.7', '203.0.113.7'],
  ['IPv4 inside IPv6', '203.0.113.8', '::ffff:cb00:7108'],
  ['IPv4 inside IPv6, the other way round', '::ffff:cb00:7109', '203.0.113.9'],
  ['IPv6', '2001:db8:1:2::7', '2001:0DB8:1:2:0:0:0:7'],
  ['a household on IPv6', '2001:db8:1:3::7', '2001:db8:1:3:ffff::1'],
  ['a port', '203.0.113.11:4001', '203.0.113.11:4002'],
  ['a port on IPv6', '"[2001:db8:1:4::7]:443"', '[2001:db8:1:4::7]:444'],
  ['entries that are no address', '203.0.113.12, _hidden1', 'unknown'],
  ['a chain of proxies', '198.51.100.1, 203.0.113.10', '203.0.113.10'],
])('G2 a socket and a request of one client have one mark: %s', async (what, ofSocket, ofRequest) => {
  const mark = await markOfSocket(ofSocket);
  expect(mark).toHaveLength(43);
  expect(await markOfRequest(ofRequest, what)).toBe(mark);
});

test('G2 clients of different households have different address hashes', async () => {
  expect(await markOfSocket('203.0.113.7')).not.toBe(await markOfRequest('203.0.113.8', 'somebody else'));
});
