import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient } from '../support/client';

/** An address at which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MONGODB_URI: `mongodb://127.0.0.1:${await deadPort()}/` });
}, 30_000);
afterAll(() => node.close());

const health = async (): Promise<{
  status: string;
  records: { store: string; spooled: number; lost: number };
}> => (await fetch(`${node.url}/videochat/health`)).json();

test('O1 a database that is away at the start shows in the health, which stays usable', async () => {
  const response = await fetch(`${node.url}/videochat/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'degraded', records: { store: 'down', lost: 0 } });
});

test('M2 peers meet, talk and block each other while the records are away; what they do is kept for later', async () => {
  const [anna, ben] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
  await anna.search();
  await ben.search();
  const { callId } = await anna.next('partner_found');
  await ben.next('partner_found');
  await anna.request('chat_message', { callId, id: '1', text: 'hello' });
  expect((await ben.next('chat_message')).content).toBe('hello');
  const { reportId } = await anna.request('report_user', { callId, type: 'spam' });
  expect(reportId).toMatch(/^[0-9a-f-]{36}$/);
  const { records } = await health();
  expect(records.spooled).toBeGreaterThan(0);
  expect(records.lost).toBe(0);
  // A block holds at once, and is on the disk until the store can be reached.
  expect(await anna.request('block_user', { callId })).toEqual({});
  expect(await ben.next('partner_disconnected')).toMatchObject({ reason: 'blocked' });
  expect(node.parts.peers.get(anna.id)?.blocked.has(ben.id)).toBe(true);
  anna.close();
  ben.close();
}, 30_000);

test('A1 a guest who comes back while the records are away is let in', async () => {
  const anna = await ProtocolClient.connect(node.wsUrl);
  const cookie = anna.cookie ?? '';
  anna.close();
  await anna.untilClosed();
  const later = await ProtocolClient.connect(node.wsUrl, undefined, { cookie });
  expect(later.id).toBe(anna.id);
  later.close();
}, 30_000);

test('A2 a request that needs the records is rejected with a code and a time', async () => {
  const response = await fetch(`${node.url}/api/account/log-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: node.url },
    body: JSON.stringify({ email: 'a@example.org', password: 'whatever it is' }),
  });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    error: { code: 'records_unavailable', retryAfterMs: expect.any(Number) },
  });
}, 30_000);
