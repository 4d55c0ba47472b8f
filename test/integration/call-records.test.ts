import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pino from 'pino';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { callModel, reportModel, type CallRecord } from '../../src/records/models';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, codeOf } from '../support/client';
import { spawnNode } from '../support/process';

const silent = pino({ level: 'silent' });
let node: TestNode;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node.close());

async function meet(url = node.wsUrl): Promise<[ProtocolClient, ProtocolClient, string]> {
  const [anna, ben] = [await ProtocolClient.connect(url), await ProtocolClient.connect(url)];
  await anna.search();
  await ben.search();
  const { callId } = await anna.next('partner_found');
  await ben.next('partner_found');
  return [anna, ben, callId];
}

const written = async (): Promise<void> => {
  // Lines of a chat are gathered for a second before they are written.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(await node.parts.records.outbox.drained(3_000)).toBe(true);
};
const recordOf = async (callId: string): Promise<CallRecord> => {
  const record = await node.parts.records.collections.calls.get(callId);
  if (record === null) throw new Error('the call was not recorded');
  return record;
};

test('A3 a call is written down as it happens: who, what was said, why it ended and by whom', async () => {
  const [anna, ben, callId] = await meet();
  await anna.request('chat_message', { callId, id: 'same', text: 'grüß dich 👋 \u202Eabc' });
  await ben.request('chat_message', { callId, id: 'same', text: 'hello' });
  await anna.request('chat_message', { callId, id: 'same', text: 'sent again after a reconnect' });
  await written();
  expect(await recordOf(callId)).toMatchObject({
    status: 'connected',
    endedAt: null,
    userIds: expect.arrayContaining([anna.id, ben.id]),
  });
  await ben.request('next_partner', { callId });
  await written();
  const record = await recordOf(callId);
  expect(record).toMatchObject({ status: 'ended', endReason: 'next', endedBy: ben.id, sessionType: 'text' });
  expect(record.messages.map(({ senderId, content }) => [senderId, content])).toEqual([
    [anna.id, 'grüß dich 👋 \u202Eabc'],
    [ben.id, 'hello'],
  ]);
  expect(new Set(record.messages.map(({ id }) => id)).size).toBe(2);
  // No address leaves more than its keyed hash.
  expect(JSON.stringify(record)).not.toContain('127.0.0.1');
  expect(record.participants.user1.addressHash).toMatch(/^[\w-]{43}$/);
  expect(record.expiresAt.getTime() - record.createdAt.getTime()).toBe(24 * 3_600_000);
  anna.close();
  ben.close();
});

test('R1 a report has what was said, and a second one of the same reporter is the same report', async () => {
  const [anna, ben, callId] = await meet();
  await ben.request('chat_message', { callId, id: 'a', text: 'something bad' });
  await ben.request('leave_room', { callId });
  const report = { callId, type: 'violence' as const, words: 'they said it' };
  const [first, second] = [
    await anna.request('report_user', report),
    await anna.request('report_user', report),
  ];
  expect(second.reportId).toBe(first.reportId);
  const record = await node.parts.records.collections.reports.get(first.reportId);
  expect(record).toMatchObject({
    reporterId: anna.id,
    reportedId: ben.id,
    sessionId: callId,
    severity: 'critical',
    priority: 4,
    status: 'pending',
    chatLog: [{ senderId: ben.id, content: 'something bad' }],
  });
  await written();
  expect((await recordOf(callId)).reports).toEqual([first.reportId]);
  anna.close();
  ben.close();
});

test('A1 a browser that comes back within two hours is the same guest; a second window is a second guest', async () => {
  const anna = await ProtocolClient.connect(node.wsUrl);
  const cookie = anna.cookie ?? '';
  expect(cookie).toMatch(/^passerby_guest=/);
  const window = await ProtocolClient.connect(node.wsUrl, undefined, { cookie });
  expect(window.id).not.toBe(anna.id);
  window.close();
  anna.close();
  await anna.untilClosed();
  const later = await ProtocolClient.connect(node.wsUrl, undefined, { cookie });
  expect([later.id, later.handshake.name]).toEqual([anna.id, anna.handshake.name]);
  expect(later.handshake).toMatchObject({
    isAnonymous: true,
    resumed: false,
    plan: { plan: { id: 'free' } },
  });
  later.close();
});

test('A1 a cookie that this server did not issue is invalid', async () => {
  const anna = await ProtocolClient.connect(node.wsUrl);
  const cookie = (anna.cookie ?? '').replace(/(passerby_guest=[^;]*)./, (_, before: string) => `${before}_`);
  expect(cookie).not.toBe(anna.cookie);
  anna.close();
  await anna.untilClosed();
  const forger = await ProtocolClient.connect(node.wsUrl, undefined, { cookie });
  expect(forger.id).not.toBe(anna.id);
  forger.close();
});

test('M2 a block holds at the next visit, and not after it was taken back', async () => {
  const [anna, ben, callId] = await meet();
  const cookies = [anna.cookie ?? '', ben.cookie ?? ''];
  await anna.request('block_user', { callId });
  for (const one of [anna, ben]) one.close();
  for (const one of [anna, ben]) await one.untilClosed();
  const back = await Promise.all(
    cookies.map((cookie) => ProtocolClient.connect(node.wsUrl, undefined, { cookie })),
  );
  const [anna2, ben2] = back;
  if (anna2 === undefined || ben2 === undefined) throw new Error('both are back');
  expect([anna2.id, ben2.id]).toEqual([anna.id, ben.id]);
  expect([...(node.parts.peers.get(anna.id)?.blocked ?? [])]).toEqual([ben.id]);
  await anna2.search();
  await ben2.search();
  await expect(anna2.next('partner_found', () => true, 1_500)).rejects.toThrow('no partner_found');
  await node.parts.accounts.blocks.unblock(anna.id, ben.id);
  for (const one of back) await one.request('cancel_search', {});
  for (const one of back) await one.search();
  await anna2.next('partner_found');
  for (const one of back) one.close();
});

test('P1 a user without minutes gets the time when more come, and cannot search', async () => {
  const anna = await ProtocolClient.connect(node.wsUrl);
  node.parts.peers.get(anna.id)?.allowance.count(300 * 60_000, Date.now());
  await expect(anna.search()).rejects.toMatchObject({
    wire: { code: 'plan_minutes_used', retryAfterMs: expect.any(Number) },
  });
  anna.close();
});

test('P1 minutes that run out end the call, and are still used up at the next visit', async () => {
  const [anna, ben, callId] = await meet();
  // All but two seconds of the day's 240 minutes.
  node.parts.peers.get(anna.id)?.allowance.count(240 * 60_000 - 2_000, Date.now());
  expect(await anna.next('notice')).toMatchObject({ code: 'plan_minutes_low' });
  expect(await anna.next('partner_disconnected')).toEqual({ callId, reason: 'plan_over' });
  expect(await ben.next('partner_disconnected')).toEqual({ callId, reason: 'left' });
  await written();
  expect(await recordOf(callId)).toMatchObject({ endReason: 'plan_over', endedBy: anna.id });
  const cookie = anna.cookie ?? '';
  anna.close();
  await anna.untilClosed();
  const later = await ProtocolClient.connect(node.wsUrl, undefined, { cookie });
  expect(later.handshake.plan.leftMs).toBe(0);
  expect(await codeOf(later.search())).toBe('plan_minutes_used');
  later.close();
  ben.close();
});

test('A3 a crash leaves no call connected: its record says that the node was lost', async () => {
  const first = await spawnNode();
  const url = await first.serving;
  const [anna, , callId] = await meet(url);
  await anna.request('chat_message', { callId, id: '1', text: 'before the crash' });
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await spawnNode({ DATA_DIR: first.dataDir });
  await second.serving;
  await new Promise((resolve) => setTimeout(resolve, 500));
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const store = await EmbeddedStore.open({
    folder: path.join(first.dataDir, 'records'),
    clock: systemClock,
    log: silent,
  });
  expect(await store.collection(callModel).get(callId)).toMatchObject({
    status: 'disconnected',
    endReason: 'node_lost',
    messages: [{ content: 'before the crash' }],
  });
  await store.close();
  await second.remove();
  await first.remove();
});

test('T4 reports of an earlier version are taken over when the node starts', async () => {
  const first = await spawnNode();
  await first.serving;
  first.child.kill('SIGTERM');
  await first.ended;
  await rm(path.join(first.dataDir, 'records'), { recursive: true });
  const old = {
    reportId: 'old-report',
    at: 1_790_000_000_000,
    reporterId: 'guest_a',
    reportedId: 'guest_b',
    callId: 'old-call',
    callStartedAt: 1_789_999_990_000,
    type: 'scam',
    words: 'sells things',
  };
  await writeFile(path.join(first.dataDir, 'reports.jsonl'), `${JSON.stringify(old)}\n`);
  const second = await spawnNode({ DATA_DIR: first.dataDir });
  await second.serving;
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const store = await EmbeddedStore.open({
    folder: path.join(first.dataDir, 'records'),
    clock: systemClock,
    log: silent,
  });
  expect(await store.collection(reportModel).get('old-report')).toMatchObject({
    description: 'sells things',
  });
  await store.close();
  await second.remove();
}, 30_000);
