import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';
import { holdSyncs } from '../../support/held-syncs';
import type { TestNode } from '../../support/node';
import type { Stage } from './stage';

/** `MATCH_STEPS`: recent partners meet again at once when no other peer waits, unless a block keeps them apart. */
export const ANYONE_AT_ONCE = JSON.stringify([{ afterMs: 0, minScore: 0, circle: 'anyone' }]);
/** After the block the two are watched for this multiple of the time they took to meet again, and this much more. */
const WATCH = { times: 5, moreMs: 300 };
/** Longer than records take to be written, shorter than they may take before the outbox spools them. */
const WRITTEN_MS = 1_000;

/** Peers report and block each other. The site has to match any two at once (`ANYONE_AT_ONCE`). */
export function safetyScenarios(stage: Stage): void {
  // Either may block and either may search first, since one call is owned by the one's node and another by the other's.
  test.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])(
    'M2 R1 [M2.2] after peer %i has reported and blocked the other, they never meet again (peer %i searches first)',
    async (blocks, searches) => {
      const { one, other, callId } = await stage.meet();
      const [blocker, blocked] = blocks === 0 ? [one, other] : [other, one];
      const [first, second] = searches === 0 ? [one, other] : [other, one];
      await one.request('leave_room', { callId });
      await other.next('partner_disconnected');
      // Without a block they meet again: that they do not after it can only be the block's doing.
      const { callId: lastCallId, tookMs } = await meetAgain(first, second);
      await blocker.request('report_user', { callId: lastCallId, type: 'spam', words: 'sells things' });
      await blocker.request('block_user', { callId: lastCallId });
      expect(await blocked.next('partner_disconnected')).toEqual({ callId: lastCallId, reason: 'blocked' });
      await first.search();
      await second.search();
      await sleep(WATCH.times * tookMs + WATCH.moreMs);
      expect(stage.calls).toBe(0);
      const received = [...one.received, ...other.received];
      const found = received.filter(({ event }) => event === 'partner_found');
      // A failure shows whether they met in a new call, or one of them was told of an earlier one again.
      const earlier = { callId, lastCallId, now: Date.now() };
      expect({ ...earlier, found }).toEqual({ ...earlier, found: [] });
      const third = await stage.join();
      await third.search();
      const { partner } = await third.next('partner_found');
      expect([one.id, other.id]).toContain(partner.id);
    },
  );

  test('M2 [M2.2] a block of a partner who has left counts for the search that is under way', async () => {
    const { one, other, callId } = await stage.meet();
    await other.request('leave_room', { callId });
    await one.next('partner_disconnected');
    const { callId: again, tookMs } = await meetAgain(one, other);
    await other.request('leave_room', { callId: again });
    await one.next('partner_disconnected');
    // The ticket of this search knows nothing of the block that follows it.
    await one.search();
    await one.request('block_user', { callId: again });
    await other.search();
    await sleep(WATCH.times * tookMs + WATCH.moreMs);
    expect(stage.calls).toBe(0);
    const received = [...one.received, ...other.received];
    expect(received.filter(({ event }) => event === 'partner_found')).toEqual([]);
    expect(received.filter(({ event }) => event === 'search_ended')).toEqual([]);
  });

  const meet = async (one: ProtocolClient, other: ProtocolClient): Promise<string> => {
    await Promise.all([one.search(), other.search()]);
    const [{ callId, partner }] = await Promise.all([one.next('partner_found'), other.next('partner_found')]);
    expect(partner.id).toBe(other.id);
    return callId;
  };
  /** None of the two meets the other, though both really wait: a third client meets one of them. */
  const stayApart = async (one: ProtocolClient, other: ProtocolClient): Promise<void> => {
    await one.search();
    await other.search();
    await sleep(2 * WATCH.moreMs);
    expect(stage.calls).toBe(0);
    const third = await stage.join();
    await third.search();
    const { callId, partner } = await third.next('partner_found');
    expect([one.id, other.id]).toContain(partner.id);
    await third.request('leave_room', { callId });
    for (const client of [one, other].filter(({ id }) => id !== partner.id))
      await client.request('cancel_search', {});
    third.close();
  };

  test.each(['first', 'second'] as const)(
    'M2 A3 [M2.2] a block that is made in the %s window holds for all windows of both',
    async (made) => {
      const [anna, ben] = [await stage.join(), await stage.join()];
      const [annaTwo, benTwo] = [await stage.openWindow(anna), await stage.openWindow(ben)];
      const [blocker, blocked] = made === 'first' ? [anna, ben] : [annaTwo, benTwo];
      const callId = await meet(blocker, blocked);
      await blocker.request('block_user', { callId });
      await blocked.next('partner_disconnected');
      await stayApart(anna, ben);
      await stayApart(annaTwo, ben);
      await stayApart(anna, benTwo);
      await stayApart(annaTwo, benTwo);
      // A window that opens after the block knows it as well, on either side.
      await stayApart(await stage.openWindow(anna), await stage.openWindow(ben));
    },
  );

  test('M2 [M2.2] a block counts at once in a window that searches, and in one that talks with the same person', async () => {
    const [anna, ben] = [await stage.join(), await stage.join()];
    const [annaTwo, benTwo] = [await stage.openWindow(anna), await stage.openWindow(ben)];
    const annaThree = await stage.openWindow(anna);
    const callId = await meet(anna, ben);
    await meet(annaTwo, benTwo);
    await annaThree.search();
    await anna.request('block_user', { callId });
    await benTwo.next('partner_disconnected');
    expect(stage.calls).toBe(0);
    // The ticket of this search knows nothing of the block that followed it.
    await benTwo.search();
    await sleep(2 * WATCH.moreMs);
    expect(stage.calls).toBe(0);
    expect(annaThree.received.filter(({ event }) => event === 'partner_found')).toEqual([]);
  });

  test('M2 S1 [M2.2] a search that is asked for in the same breath as a block heeds it', async () => {
    const { one, other, callId } = await stage.meet();
    await Promise.all([
      one.request('report_user', { callId, type: 'spam', words: 'sells things' }),
      one.request('block_user', { callId }),
    ]);
    await other.next('partner_disconnected');
    for (const client of [one, other]) client.received.splice(0);
    const blocks = one.request('block_user', { callId });
    await Promise.all([blocks, one.search(), other.search()]);
    await Promise.all([one, other].map((client) => client.next('waiting_for_partner')));
    await sleep(WATCH.moreMs);
    expect(stage.calls).toBe(0);
    // Both are really in the queue: somebody else meets one of them.
    const third = await stage.join();
    await third.search();
    const { partner } = await third.next('partner_found');
    expect([one.id, other.id]).toContain(partner.id);
  });

  /** What is on the disks of all nodes of reports, in the store or on its way there. */
  const reportsOnDisk = async (): Promise<string> =>
    (await Promise.all(stage.nodes.map(reportsOnDiskOf))).join('');

  test('R1 [R1.2] a report is on disk before it is acknowledged', async () => {
    const { one, other, callId } = await stage.meet();
    // The record of the call is written first, so that the report need not wait for it.
    await Promise.all(stage.nodes.map(({ parts }) => parts.records.outbox.drained(WRITTEN_MS)));
    const release = await holdSyncs();
    try {
      let isAcknowledged = false;
      const reported = one
        .request('report_user', { callId, type: 'spam', words: 'sells things' })
        .finally(() => (isAcknowledged = true));
      // Its line is in the file at once, and not on the disk. Where the line waits, so must the reply.
      await eventually(async () => (await reportsOnDisk()).includes(callId), WRITTEN_MS).catch(
        () => undefined,
      );
      // Replies take the same way in their order: one that was sent by now would be here.
      await one.request('typing', { callId, typing: true });
      expect(isAcknowledged).toBe(false);
      release();
      const { reportId } = await reported;
      const written = (await reportsOnDisk()).split('\n').find((line) => line.includes(reportId));
      expect(written).toContain(one.id);
      expect(written).toContain(other.id);
    } finally {
      release();
    }
    const stranger = await stage.join();
    expect(await codeOf(stranger.request('report_user', { callId, type: 'spam' }))).toBe('stale_call');
  });
}

/** Both search, the first one first. Returns the call they meet in, and how long that took (ms). */
async function meetAgain(
  first: ProtocolClient,
  second: ProtocolClient,
): Promise<{ callId: string; tookMs: number }> {
  const begun = performance.now();
  await first.search();
  await second.search();
  const [{ callId, partner }] = await Promise.all([
    first.next('partner_found'),
    second.next('partner_found'),
  ]);
  expect(partner.id).toBe(second.id);
  return { callId, tookMs: performance.now() - begun };
}

/** The files that hold a node's reports: those of the store, and those that wait for it. */
async function reportsOnDiskOf({ dataDir }: TestNode): Promise<string> {
  const folders = { records: /^reports/, outbox: /^spool/ };
  const texts = Object.entries(folders).map(async ([name, files]) => {
    const folder = path.join(dataDir, name);
    const names = (await readdir(folder)).filter((file) => files.test(file));
    return Promise.all(names.map((file) => readFile(path.join(folder, file), 'utf8').catch(() => '')));
  });
  return (await Promise.all(texts)).flat().join('');
}
