import { randomUUID } from 'node:crypto';
import {
  FEWEST_REPORTS,
  HOLDS_COUNT_MS,
  REPORTS_COUNT_MS,
  holdFor,
  holds,
  holdsBefore,
  type Ban,
  type BanSubject,
  type ReportFact,
} from '../../domain/bans';
import { userIdOf } from '../../domain/users';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Report } from '../moderation/report-store';
import type { ReportHistory, ReportedUser } from './ban-store';
import { isAway, type Bans } from './bans';

/** How soon after a start, or after the records were away, reports that nobody has weighed are looked for. */
const LOOK_MS = 15_000;
/** Reports that are read at once. */
const PAGE = 200;

export interface ReportHoldsDeps {
  readonly bans: Pick<Bans, 'impose' | 'history' | 'about'>;
  readonly reports: ReportHistory;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** Somebody about whom there are reports. */
type Reported = Pick<ReportedUser, 'userId' | 'device' | 'reason'>;

/**
 * Holds somebody back about whom several independent reports came, until an operator has looked (R2). What is decided
 * follows from the records alone, so that nothing is lost with this process: reports that could not be weighed when they
 * came are found there, after a restart too.
 */
export class ReportHolds {
  /** Reports about one user are looked at one after the other, so that two at once make one hold. */
  private readonly lookingAt = new Map<string, Promise<void>>();
  /** Whether the records may have reports that nobody has weighed: of a former process, or of while they were away. */
  private mayHaveMore = true;
  private isLooking = false;
  private readonly stops: (() => void)[];

  constructor(private readonly deps: ReportHoldsDeps) {
    this.stops = [deps.clock.every(LOOK_MS, () => void this.lookForMore())];
  }

  close(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  /** A report was kept. The reporter does not wait for what follows. */
  reported(report: Report): void {
    const { reportedId, reportedDeviceHash: device, type: reason } = report;
    void this.weigh({ userId: userIdOf(reportedId), device, reason }, report);
  }

  /** `newest`: a report that the records may not have yet. */
  private weigh(reported: Reported, newest?: Report): Promise<void> {
    const { userId } = reported;
    const before = this.lookingAt.get(userId) ?? Promise.resolve();
    const looking = before
      .then(() => this.consider(reported, newest))
      .catch((error: unknown) => {
        if (isAway(error)) this.mayHaveMore = true;
        else this.deps.reportError(error, 'a report could not be weighed');
      })
      .finally(() => {
        if (this.lookingAt.get(userId) === looking) this.lookingAt.delete(userId);
      });
    this.lookingAt.set(userId, looking);
    return looking;
  }

  private async lookForMore(): Promise<void> {
    const { reports, reportError } = this.deps;
    // What still waits to be brought to the records would not be found there.
    if (reports.isBehind()) this.mayHaveMore = true;
    else if (this.mayHaveMore && !this.isLooking) {
      this.isLooking = true;
      this.mayHaveMore = false;
      await this.weighKept().catch((error: unknown) => {
        if (isAway(error)) this.mayHaveMore = true;
        else reportError(error, 'kept reports could not be weighed');
      });
      this.isLooking = false;
    }
  }

  /** Weighs what was reported in the time that counts, as far as there are enough reports about anybody. */
  private async weighKept(): Promise<void> {
    const { reports, clock } = this.deps;
    const since = clock.now() - REPORTS_COUNT_MS;
    const counts = new Map<string, { count: number; newest: ReportedUser }>();
    let after: ReportedUser | null = null;
    do {
      const page: readonly ReportedUser[] = await reports.since(since, { after, limit: PAGE });
      for (const report of page) for (const mark of marksOf(report)) count(counts, mark, report);
      after = page.length < PAGE ? null : (page.at(-1) ?? null);
    } while (after !== null);
    const many = [...counts.values()].filter(({ count }) => count >= FEWEST_REPORTS);
    for (const reported of new Set(many.map(({ newest }) => newest))) await this.weigh(reported);
  }

  private async consider(reported: Reported, newest: Report | undefined): Promise<void> {
    const { bans, reports, clock } = this.deps;
    const { userId, device, reason } = reported;
    const now = clock.now();
    const subjects = subjectsOf(reported);
    const marks = { users: [userId], ...(device === null ? {} : { device }) };
    if (bans.about(marks).some(({ by }) => by === 'reports')) return;
    const history = await bans.history(subjects, now - HOLDS_COUNT_MS);
    if (history.some((ban) => ban.by === 'reports' && holds(ban, now))) return;
    const { times, reportsSince } = holdsBefore(history, now);
    const known = await reports.about({ userId, device }, reportsSince);
    const fresh = newest !== undefined && newest.at >= reportsSince ? [newest] : [];
    const ms = holdFor(withNewest(known, fresh), times, now);
    if (ms !== null) await bans.impose(newHold(subjects, reason, now, ms));
  }
}

const newHold = (subjects: readonly BanSubject[], reason: Ban['reason'], now: number, ms: number): Ban => ({
  id: randomUUID(),
  subjects,
  follows: ['device'],
  reason,
  note: '',
  by: 'reports',
  createdAt: now,
  endsAt: now + ms,
  liftedAt: null,
});

const subjectsOf = ({ userId, device }: Reported): BanSubject[] => [
  { kind: 'user', mark: userId },
  ...(device === null ? [] : [{ kind: 'device' as const, mark: device }]),
];

const marksOf = (reported: Reported): string[] =>
  subjectsOf(reported).map(({ kind, mark }) => `${kind} ${mark}`);

function count(
  counts: Map<string, { count: number; newest: ReportedUser }>,
  mark: string,
  report: ReportedUser,
): void {
  const known = counts.get(mark);
  if (known === undefined) {
    counts.set(mark, { count: 1, newest: report });
    return;
  }
  known.count += 1;
  if (report.at > known.newest.at) known.newest = report;
}

/** The newest report may still be on its way to the records. */
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
