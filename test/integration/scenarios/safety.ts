import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type ProtocolClient } from '../../support/client';
import type { TestNode } from '../../support/node';
import type { Stage } from './stage';

/** `MATCH_STEPS`: two who have met meet again at once when nobody else waits, unless a block keeps them apart. */
export const ANYONE_AT_ONCE = JSON.stringify([{ afterMs: 0, minScore: 0, circle: 'anyone' }]);
/** So many times as long as two took to meet again, and this much more, the two who blocked each other are watched. */
const WATCH = { times: 5, moreMs: 300 };

/** People report and block each other. The site has to bring anyone together at once (`ANYONE_AT_ONCE`). */
export function safetyScenarios(stage: Stage): void {
  // Either may block and either may search first, since one call is owned by the one's node and another by the other's.
  test.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])(
    'M2 R1 [M2.2] after person %i has reported and blocked the other, they never meet again (person %i searches first)',
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
      expect(received.filter(({ event }) => event === 'partner_found')).toEqual([]);
      const third = await stage.join();
      await third.search();
      const { partner } = await third.next('partner_found');
      expect([one.id, other.id]).toContain(partner.id);
    },
  );

  test('R1 [R1.2] a report is on disk before it is acknowledged', async () => {
    const { one, other, callId } = await stage.meet();
    const { reportId } = await one.request('report_user', { callId, type: 'spam', words: 'sells things' });
    // The last one on the disk of whichever node has it.
    const lastReports = await Promise.all(stage.nodes.map(lastReportOf));
    const report = lastReports.find((line) => line.includes(reportId));
    expect(report).toContain(one.id);
    expect(report).toContain(other.id);
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

/** The last report on a node's disk. */
async function lastReportOf({ dataDir }: TestNode): Promise<string> {
  const folder = `${dataDir}/records`;
  const [file = ''] = (await readdir(folder)).filter((name) => name.startsWith('reports'));
  const lines = (await readFile(`${folder}/${file}`, 'utf8')).trim().split('\n');
  return lines.at(-1) ?? '';
}
