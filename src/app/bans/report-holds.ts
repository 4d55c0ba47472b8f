import { randomUUID } from 'node:crypto';
import { HOLDS_COUNT_MS, REPORTS_COUNT_MS, holdFor, type Ban, type ReportFact } from '../../domain/bans';
import { userIdOf } from '../../domain/users';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Report } from '../moderation/report-store';
import type { ReportHistory } from './ban-store';
import type { Bans } from './bans';

/** How many of the newest bans are looked through for holds of the last week. */
const BANS_LOOKED_AT = 500;

export interface ReportHoldsDeps {
  readonly bans: Pick<Bans, 'impose' | 'latest' | 'about'>;
  readonly reports: ReportHistory;
  readonly reportError: ErrorReporter;
}

/** Holds somebody back about whom several independent reports came, until an operator has looked (R2). */
export class ReportHolds {
  /** Reports about one user are looked at one after the other, so that two at once make one hold. */
  private readonly lookingAt = new Map<string, Promise<void>>();

  constructor(private readonly deps: ReportHoldsDeps) {}

  /** A report was kept. The reporter does not wait for what follows. */
  reported(report: Report): void {
    const userId = userIdOf(report.reportedId);
    const before = this.lookingAt.get(userId) ?? Promise.resolve();
    const looking = before
      .then(() => this.consider(report))
      .catch((error: unknown) => this.deps.reportError(error, 'a report could not be weighed'))
      .finally(() => {
        if (this.lookingAt.get(userId) === looking) this.lookingAt.delete(userId);
      });
    this.lookingAt.set(userId, looking);
  }

  private async consider(report: Report): Promise<void> {
    const { bans, reports } = this.deps;
    const { reportedDeviceHash: device, at: now } = report;
    const userId = userIdOf(report.reportedId);
    const marks = { users: [userId], ...(device === null ? {} : { device }) };
    if (bans.about(marks).some(({ by }) => by === 'reports')) return;
    const before = (await bans.latest(BANS_LOOKED_AT)).filter((ban) => isHoldOf(ban, report, now));
    // Reports that have held somebody back already do not do so again.
    const since = Math.max(now - REPORTS_COUNT_MS, ...before.map(({ createdAt }) => createdAt + 1));
    const known = await reports.about({ userId, device }, since);
    const ms = holdFor(withNewest(known, report), before.length, now);
    if (ms === null) return;
    await bans.impose({
      id: randomUUID(),
      subjects: [
        { kind: 'user', mark: userId },
        ...(device === null ? [] : [{ kind: 'device' as const, mark: device }]),
      ],
      follows: ['device'],
      reason: report.type,
      note: '',
      by: 'reports',
      createdAt: now,
      endsAt: now + ms,
      liftedAt: null,
    });
  }
}

/** The newest report may still be on its way to the records. */
const withNewest = (known: readonly ReportFact[], report: Report): ReportFact[] => [
  ...known.filter(({ callId, reporterId }) => callId !== report.callId || reporterId !== report.reporterId),
  {
    reporterId: report.reporterId,
    callId: report.callId,
    reporterSubnet: report.reporterSubnetHash,
    at: report.at,
  },
];

const isHoldOf = (
  { by, createdAt, subjects }: Ban,
  { reportedId, reportedDeviceHash }: Report,
  now: number,
): boolean =>
  by === 'reports' &&
  createdAt > now - HOLDS_COUNT_MS &&
  subjects.some(({ mark }) => mark === userIdOf(reportedId) || mark === reportedDeviceHash);
