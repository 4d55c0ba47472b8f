import { setTimeout as sleep } from 'node:timers/promises';
import { ProtocolClient, codeOf } from '../support/client';
import { startNode, type TestNode } from '../support/node';

/** Recent partners meet again at once when no other peer waits, unless a block keeps them apart. */
const ANYONE_AT_ONCE = JSON.stringify([{ afterMs: 0, minScore: 0, circle: 'anyone' }]);

let node: TestNode;
let callId: string;
let anna: ProtocolClient;
let ben: ProtocolClient;

const back = (client: ProtocolClient): Promise<ProtocolClient> =>
  ProtocolClient.connect(node.wsUrl, undefined, { cookie: client.cookie ?? '' });

/** Two meet and talk; then the node is started again, and both come back. */
beforeEach(async () => {
  node = await startNode({ MATCH_STEPS: ANYONE_AT_ONCE, MEDIA_WORKERS: '1' });
  [anna, ben] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
  await Promise.all([anna.search(), ben.search()]);
  ({ callId } = await anna.next('partner_found'));
  await ben.next('partner_found');
  await ben.request('chat_message', { callId, id: '1', text: 'buy my coins' });
  await anna.request('chat_message', { callId, id: '2', text: 'no' });
});
afterEach(() => node.close());

async function restarted(): Promise<[ProtocolClient, ProtocolClient]> {
  node = await node.restart({ MATCH_STEPS: ANYONE_AT_ONCE, MEDIA_WORKERS: '1' });
  const again: [ProtocolClient, ProtocolClient] = [await back(anna), await back(ben)];
  expect(again.map(({ id }) => id)).toEqual([anna.id, ben.id]);
  return again;
}

test('R1 after a restart somebody of a call from before can be reported, with the whole chat, and once', async () => {
  const [reporter] = await restarted();
  const words = { callId, type: 'scam' as const, words: 'sells coins' };
  const { reportId } = await reporter.request('report_user', words);
  expect(await reporter.request('report_user', words)).toEqual({ reportId });
  expect(await node.parts.records.outbox.drained(5_000)).toBe(true);
  const report = await node.parts.records.collections.reports.get(reportId);
  expect(report).toMatchObject({ reporterId: anna.id, reportedId: ben.id, sessionId: callId });
  expect(report?.chatLog.map(({ content }) => content)).toEqual(['buy my coins', 'no']);
  expect((await node.parts.records.collections.calls.get(callId))?.reports).toEqual([reportId]);
});

test('R1 a report that was made before a restart is known after it', async () => {
  const words = { callId, type: 'scam' as const, words: 'sells coins' };
  const { reportId } = await anna.request('report_user', words);
  const [reporter] = await restarted();
  expect(await reporter.request('report_user', words)).toEqual({ reportId });
});

test('M2 [M2.2] R1 after a restart somebody of a call from before can be blocked, and is not met again', async () => {
  const [blocker, blocked] = await restarted();
  await blocker.request('block_user', { callId });
  await Promise.all([blocker.search(), blocked.search()]);
  await sleep(1_500);
  const found = [...blocker.received, ...blocked.received].filter(({ event }) => event === 'partner_found');
  expect(found).toEqual([]);
  const third = await ProtocolClient.connect(node.wsUrl);
  await third.search();
  await third.next('partner_found');
});

test('R1 nobody reports or blocks about a call of others, or one that never was', async () => {
  await restarted();
  const stranger = await ProtocolClient.connect(node.wsUrl);
  for (const id of [callId, 'no such call']) {
    expect(await codeOf(stranger.request('report_user', { callId: id, type: 'spam', words: '' }))).toBe(
      'stale_call',
    );
    expect(await codeOf(stranger.request('block_user', { callId: id }))).toBe('stale_call');
  }
});
