import { randomUUID } from 'node:crypto';
import { HOLDS_COUNT_MS, REPORTS_COUNT_MS, holdFor, type Ban, type ReportFact } from '../../domain/bans';
import { userIdOf } from '../../domain/users';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Report } from '../moderation/report-store';
import type { ReportHistory } from './ban-store';
import { isAway, type Bans } from './bans';

/** How many of the newest bans are looked through for holds of the last week. */
const BANS_LOOKED_AT = 500;
/** How soon reports are weighed again that came while the records were away, and how many wait for that. */
const AGAIN_MS = 15_000;
const MOST_WAITING = 1000;

export interface ReportHoldsDeps {
  readonly bans: Pick<Bans, 'impose' | 'latest' | 'about'>;
  readonly reports: ReportHistory;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** Holds somebody back about whom several independent reports came, until an operator has looked (R2). */
export class ReportHolds {
  /** Reports about one user are looked at one after the other, so that two at once make one hold. */
  private readonly lookingAt = new Map<string, Promise<void>>();
  /** Reports that came while the records were away. */
  private waiting: Report[] = [];
  private readonly stops: (() => void)[];

  constructor(private readonly deps: ReportHoldsDeps) {
    this.stops = [deps.clock.every(AGAIN_MS, () => this.weighWaiting())];
  }

  close(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  /** A report was kept. The reporter does not wait for what follows. */
  reported(report: Report): void {
    this.weigh(userIdOf(report.reportedId), [report]);
  }

  private weighWaiting(): void {
    const byUser = new Map<string, Report[]>();
    for (const report of this.waiting.splice(0)) {
      const userId = userIdOf(report.reportedId);
      byUser.set(userId, [...(byUser.get(userId) ?? []), report]);
    }
    for (const [userId, reports] of byUser) this.weigh(userId, reports);
  }

  /** `newest`: reports about this user that the records may not have yet, the newest last. */
  private weigh(userId: string, newest: readonly Report[]): void {
    const before = this.lookingAt.get(userId) ?? Promise.resolve();
    const looking = before
      .then(() => this.consider(userId, newest))
      .catch((error: unknown) => {
        if (isAway(error)) this.waiting = [...this.waiting, ...newest].slice(-MOST_WAITING);
        else this.deps.reportError(error, 'a report could not be weighed');
      })
      .finally(() => {
        if (this.lookingAt.get(userId) === looking) this.lookingAt.delete(userId);
      });
    this.lookingAt.set(userId, looking);
  }

  private async consider(userId: string, newest: readonly Report[]): Promise<void> {
    const { bans, reports, clock } = this.deps;
    const report = newest.at(-1);
    if (report === undefined) return;
    const device = report.reportedDeviceHash;
    const now = clock.now();
    const marks = { users: [userId], ...(device === null ? {} : { device }) };
    if (bans.about(marks).some(({ by }) => by === 'reports')) return;
    const before = (await bans.latest(BANS_LOOKED_AT)).filter((ban) => isHoldOf(ban, report, now));
    // Reports that have held somebody back already do not do so again.
    const since = Math.max(now - REPORTS_COUNT_MS, ...before.map(({ createdAt }) => createdAt + 1));
    const known = await reports.about({ userId, device }, since);
    const fresh = newest.filter(({ at }) => at >= since);
    const ms = holdFor(withNewest(known, fresh), before.length, now);
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

/** The newest reports may still be on their way to the records. */
const withNewest = (known: readonly ReportFact[], newest: readonly Report[]): ReportFact[] => [
  ...known.filter(
    ({ callId, reporterId }) => !newest.some((one) => one.callId === callId && one.reporterId === reporterId),
  ),
  ...newest.map(({ reporterId, callId, reporterSubnetHash: reporterSubnet, at }) => ({
    reporterId,
    callId,
    reporterSubnet,
    at,
  })),
];

const isHoldOf = (
  { by, createdAt, subjects }: Ban,
  { reportedId, reportedDeviceHash }: Report,
  now: number,
): boolean =>
  by === 'reports' &&
  createdAt > now - HOLDS_COUNT_MS &&
  subjects.some(({ mark }) => mark === userIdOf(reportedId) || mark === reportedDeviceHash);
