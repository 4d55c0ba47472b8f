import { ReportHolds } from '../../../src/app/bans/report-holds';
import type { Report } from '../../../src/app/moderation/report-store';
import { HOLD_MS, type Ban } from '../../../src/domain/bans';
import { furtherWindowId } from '../../../src/domain/users';
import { banScene } from '../../support/bans';
import { KeptReports, reportAbout } from '../../support/kept-reports';
import { settle } from '../../support/manual-clock';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Holds of one node, and the reports that its records have by now. */
async function scene() {
  const { clock, node, ban } = banScene();
  const { store, bans, errors } = await node('a');
  const reports = new KeptReports(() => store.isAway);
  const start = (): ReportHolds =>
    new ReportHolds({ bans, reports, clock, reportError: (error) => void errors.push(error) });
  const holds = start();
  const report = (n: number, changes: Partial<Report> = {}): Report =>
    reportAbout('bad', n, clock.now(), changes);
  const come = (one: Report): void => {
    reports.kept.push(one);
    holds.reported(one);
  };
  const held = (): Ban[] =>
    [...store.bans.values()].filter(({ subjects }) => subjects.some(({ mark }) => mark === 'bad'));
  return { clock, store, bans, ban, reports, holds, start, report, come, held, errors };
}

/** A hold of some time ago. */
const holdOf = (mark: string, createdAt: number, changes: Partial<Ban> = {}): Partial<Ban> => ({
  ...{ by: 'reports', createdAt, endsAt: createdAt + HOUR, subjects: [{ kind: 'user', mark }] },
  ...changes,
});

test('R2 reports about the windows of one user add up, and two at once make one hold', async () => {
  const { held, errors, come, report } = await scene();
  for (const n of [1, 2, 3, 4]) come(report(n, { reportedId: furtherWindowId('bad', `${n}`) }));
  await settle();
  expect(errors).toEqual([]);
  expect(held().map(({ subjects }) => subjects)).toEqual([[{ kind: 'user', mark: 'bad' }]]);
});

test('R2 reports that came while the records were away are weighed when these are back', async () => {
  const { clock, store, reports, holds, bans, held, errors, come, report } = await scene();
  store.isAway = true;
  reports.areOnTheirWay = true;
  for (const n of [1, 2, 3]) come(report(n));
  await clock.advance(20_000);
  store.isAway = false;
  await clock.advance(20_000);
  // The reports themselves are still on their way to the records.
  expect([held(), errors]).toEqual([[], []]);
  reports.areOnTheirWay = false;
  await clock.advance(15_000);
  expect(held()).toHaveLength(1);
  holds.close();
  bans.close();
});

test('R2 reports that nobody had weighed before a restart are weighed after it, from what is kept', async () => {
  const { clock, reports, holds, start, held, report } = await scene();
  holds.close();
  const device = 'mark of a device';
  reports.kept.push(
    report(1, { reportedDeviceHash: device }),
    report(2, { reportedDeviceHash: device }),
    // The same device with another guest, and somebody about whom there are too few reports.
    report(3, { reportedDeviceHash: device, reportedId: 'bad too' }),
    report(4, { reportedId: 'somebody' }),
  );
  start();
  await clock.advance(15_000);
  expect(held().map(({ subjects, reason }) => [subjects.length, reason])).toEqual([[2, 'spam']]);
  await clock.advance(60_000);
  expect(held()).toHaveLength(1);
});

test('R2 a hold within the last week counts, however many bans are newer', async () => {
  const { clock, store, ban, held, come, report } = await scene();
  const now = clock.now();
  await store.put(ban('before', holdOf('bad', now - 2 * DAY)));
  for (let n = 0; n < 600; n += 1) await store.put(ban(`other ${n}`, holdOf(`other ${n}`, now - DAY)));
  for (const n of [1, 2, 3]) come(report(n));
  await settle();
  expect(held().map(({ endsAt, createdAt }) => (endsAt ?? 0) - createdAt)).toEqual([HOUR, 2 * HOLD_MS.first]);
});

test('R2 a hold that an operator has lifted makes the next one no longer, and its reports count no more', async () => {
  const { clock, store, ban, held, come, report } = await scene();
  const now = clock.now();
  for (const n of [1, 2]) come(report(n, { at: now - 60_000 }));
  await settle();
  await store.put(ban('lifted', holdOf('bad', now - 30_000, { liftedAt: now - 20_000 })));
  come(report(3));
  await settle();
  expect(held()).toHaveLength(1);
  for (const n of [4, 5]) come(report(n));
  await settle();
  expect(held().map(({ endsAt, createdAt }) => (endsAt ?? 0) - createdAt)).toEqual([HOUR, HOLD_MS.first]);
});
