import type { PastCall } from '../../../src/app/calls/call-journal';
import { Calls } from '../../../src/app/calls/calls';
import { CallRouter } from '../../../src/app/calls/router';
import { PastCalls } from '../../../src/app/moderation/past-calls';
import type { Report } from '../../../src/app/moderation/report-store';
import { DomainError } from '../../../src/domain/error';
import { ManualClock } from '../../support/manual-clock';
import { peerWithoutSocket } from '../../support/people';

const participant = (userId: string) => ({ userId, name: userId, isAnonymous: true, addressHash: null });
const CALL: PastCall = {
  startedAt: 1,
  participants: [participant('anna'), participant('ben')],
  messages: [],
  isRestricted: false,
};
const REPORT = { event: 'report_user', data: { callId: 'c', type: 'spam', words: '' } } as const;

/** Anna's call had its owner on another node. */
function scene(past: () => Promise<PastCall | null>, fault = new DomainError('node_unreachable', 'away')) {
  const clock = new ManualClock();
  const kept: Report[] = [];
  const blocked: string[] = [];
  const pastCalls = new PastCalls({
    journal: { past },
    reports: { append: async (report) => void kept.push(report) },
    blocks: { block: async (_identity, { userId }) => blocked.push(userId) > 0 },
    clock,
    pace: { report: () => Promise.resolve() },
    holds: { reported: () => undefined },
  });
  const remoteCalls = {
    ownerOf: () => 'a dead node',
    of: () => undefined,
    partnerIn: () => undefined,
    forward: () => Promise.reject(fault),
  } as never;
  const router = new CallRouter({
    ...{ calls: new Calls(clock), remoteCalls, commands: {} as never, pastCalls, clock },
    reportError: () => undefined,
  });
  return { clock, router, kept, blocked, anna: peerWithoutSocket('anna').peer };
}

test('R1 a report and a block reach the records where the owner of the call cannot be reached', async () => {
  const { router, kept, blocked, anna } = scene(() => Promise.resolve(CALL));
  const first = await router.execute(anna, REPORT);
  expect(await router.execute(anna, REPORT)).toEqual(first);
  expect(kept).toMatchObject([{ reportedId: 'ben' }, { reportedId: 'ben' }]);
  expect(kept[0]?.reportId).toBe(kept[1]?.reportId);
  expect(await router.execute(anna, { event: 'block_user', data: { callId: 'c' } })).toEqual({});
  expect(blocked).toEqual(['ben']);
  expect(anna.hasBlocked('ben')).toBe(true);
});

test.each<[string, () => Promise<PastCall | null>]>([
  ['have no such call', () => Promise.resolve(null)],
  ['are away', () => Promise.reject(new DomainError('records_unavailable', 'away'))],
  [
    'have a call of others',
    () => Promise.resolve({ ...CALL, participants: [participant('x'), participant('ben')] }),
  ],
])('R1 where the records %s, the first error is the answer', async (_words, past) => {
  const { router, kept, anna } = scene(past);
  await expect(router.execute(anna, REPORT)).rejects.toMatchObject({ code: 'node_unreachable' });
  expect(kept).toEqual([]);
});

test('R1 records that hang are waited for a second', async () => {
  const { clock, router, anna } = scene(() => new Promise(() => undefined));
  const asked = router.execute(anna, REPORT).catch((error: unknown) => error);
  await clock.advance(1_000);
  expect(await asked).toMatchObject({ code: 'node_unreachable' });
});

test('R1 a report that was not understood does not look into the records', async () => {
  const { router, kept, anna } = scene(
    () => Promise.resolve(CALL),
    new DomainError('bad_data', 'not understood'),
  );
  await expect(router.execute(anna, REPORT)).rejects.toMatchObject({ code: 'bad_data' });
  expect(kept).toEqual([]);
});
