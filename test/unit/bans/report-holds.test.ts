import { ReportHolds } from '../../../src/app/bans/report-holds';
import type { Report } from '../../../src/app/moderation/report-store';
import type { Ban, ReportFact } from '../../../src/domain/bans';
import { furtherWindowId, userIdOf } from '../../../src/domain/users';
import { DomainError } from '../../../src/domain/error';
import { ManualClock, settle } from '../../support/manual-clock';

const NOW = 1_700_000_000_000;

const report = (n: number, changes: Partial<Report> = {}): Report => ({
  reportId: `report ${n}`,
  at: NOW,
  reporterId: `reporter ${n}`,
  reportedId: 'bad',
  callId: `call ${n}`,
  callStartedAt: NOW,
  type: 'spam',
  words: '',
  chatLog: [],
  restricted: false,
  reporterAddressHash: null,
  reportedAddressHash: null,
  reporterSubnetHash: `subnet ${n}`,
  reportedDeviceHash: null,
  ...changes,
});

/** Holds, and the reports that the records have by now. */
function scene() {
  const clock = new ManualClock(NOW);
  const records = { areAway: false };
  const kept: Report[] = [];
  const [imposed, errors]: [Ban[], unknown[]] = [[], []];
  const bans = {
    about: () => imposed,
    latest: async () => {
      if (records.areAway) throw new DomainError('records_unavailable', 'the records are away');
      return imposed;
    },
    impose: async (ban: Ban) => {
      imposed.push(ban);
      return ban;
    },
  };
  const reports = {
    about: async ({ userId }: { userId: string }): Promise<ReportFact[]> =>
      kept
        .filter(({ reportedId }) => userIdOf(reportedId) === userId)
        .map(({ reporterSubnetHash: reporterSubnet, ...of }) => ({ ...of, reporterSubnet })),
    reported: async () => null,
  };
  const holds = new ReportHolds({ bans, reports, clock, reportError: (error) => void errors.push(error) });
  const come = (one: Report): void => {
    kept.push(one);
    holds.reported(one);
  };
  return { clock, records, kept, holds, imposed, errors, come };
}

test('R2 reports about the windows of one user add up, and two at once make one hold', async () => {
  const { imposed, errors, come } = scene();
  for (const n of [1, 2, 3, 4]) come(report(n, { reportedId: furtherWindowId('bad', `${n}`) }));
  await settle();
  expect(errors).toEqual([]);
  expect(imposed.map(({ subjects }) => subjects)).toEqual([[{ kind: 'user', mark: 'bad' }]]);
});

test('R2 reports that came while the records were away are weighed when these are back', async () => {
  const { clock, records, kept, holds, imposed, errors, come } = scene();
  records.areAway = true;
  for (const n of [1, 2, 3]) come(report(n));
  // The reports themselves are still on their way to the records.
  kept.splice(0);
  await clock.advance(20_000);
  expect([imposed, errors]).toEqual([[], []]);
  records.areAway = false;
  await clock.advance(15_000);
  expect(imposed).toHaveLength(1);
  holds.close();
  expect(clock.pending).toBe(0);
});
