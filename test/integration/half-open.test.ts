import { setTimeout as sleep } from 'node:timers/promises';
import { ProtocolClient } from '../support/client';
import { startNode, type TestNode } from '../support/node';
import { StallingProxy } from '../support/stalling-proxy';

let node: TestNode;
let proxy: StallingProxy;
beforeEach(async () => {
  node = await startNode({ MEDIA_WORKERS: '1' });
  proxy = await StallingProxy.to(Number(new URL(node.url).port));
});
afterEach(async () => {
  await proxy.close();
  await node.close();
});

const throughProxy = (): string => `ws://127.0.0.1:${proxy.port}/ws`;
const socketOf = (client: ProtocolClient): boolean => node.parts.peers.get(client.id)?.isHere === true;

test('S6 a ping is answered, also while a call waits for something', async () => {
  const [one, other] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
  expect(await one.request('ping', {})).toEqual({});
  await Promise.all([one.search(), other.search()]);
  await one.next('partner_found');
  expect(await one.request('ping', {})).toEqual({});
  for (const client of [one, other]) client.close();
});

test('S4 S6 a client whose socket is swallowed resumes its call by a new one, and the old one does no harm', async () => {
  const ann = await ProtocolClient.connect(throughProxy());
  const bob = await ProtocolClient.connect(node.wsUrl);
  await Promise.all([ann.search(), bob.search()]);
  const { callId } = await ann.next('partner_found');
  await bob.next('partner_found');
  proxy.set({ kind: 'swallows' });
  // The server does not know yet that the first socket is dead.
  expect(socketOf(ann)).toBe(true);
  const again = await ProtocolClient.connect(throughProxy(), ann.handshake.resumeToken);
  expect(again.handshake).toMatchObject({ resumed: true, session: { state: 'call', callId } });
  expect(again.id).toBe(ann.id);
  // What the dead socket still held arrives at last, and its end.
  ann.drop();
  proxy.set({ kind: 'flows' });
  await sleep(100);
  await bob.request('chat_message', { callId, id: 'm1', text: 'are you there?' });
  expect((await again.next('chat_message')).content).toBe('are you there?');
  expect(socketOf(ann)).toBe(true);
  for (const client of [again, bob]) client.close();
}, 20_000);

test('S6 a client that has ended its side is gone, and its partner hears of it', async () => {
  const ann = await ProtocolClient.connect(throughProxy());
  const bob = await ProtocolClient.connect(node.wsUrl);
  await Promise.all([ann.search(), bob.search()]);
  await bob.next('partner_found');
  proxy.halfClose('toServer');
  await bob.next('partner_reconnecting');
  expect(socketOf(ann)).toBe(false);
  bob.close();
});
