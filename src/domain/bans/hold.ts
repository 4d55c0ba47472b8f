import { userIdOf } from '../users';
import type { Ban } from './ban';

/** A report, as far as the rule about holds has to know it. */
export interface ReportFact {
  /** The reporter's peer: each window of a user has an id of its own. */
  readonly reporterId: string;
  readonly callId: string;
  /** Keyed hash of the reporter's network; null: not known, and then all such reports count as of one network. */
  readonly reporterSubnet: string | null;
  /** ms since the epoch */
  readonly at: number;
}

const HOUR_MS = 3_600_000;
/** How far back reports count. */
export const REPORTS_COUNT_MS = 24 * HOUR_MS;
/** The weight of independent reports that holds somebody back: three fresh ones, or more that are older. */
export const HOLD_WEIGHT = 2.5;
/** Fewer reports than this never hold anybody back. */
export const FEWEST_REPORTS = Math.ceil(HOLD_WEIGHT);
/** The first hold, doubled by each one before it within a week, up to the last figure. */
export const HOLD_MS = { first: HOUR_MS, most: 24 * HOUR_MS };
export const HOLDS_COUNT_MS = 7 * 24 * HOUR_MS;

/** 1 within the first hour, then less and less, 0 after a day. */
export const weightOf = ({ at }: ReportFact, now: number): number => {
  const age = now - at;
  if (age <= HOUR_MS) return 1;
  return Math.max(0, 1 - (age - HOUR_MS) / (REPORTS_COUNT_MS - HOUR_MS));
};

/**
 * The weight of the reports that are independent of each other: of other users, in other calls and from other
 * networks. A household, or one user with twenty windows, counts once. Of those that depend on each other the newest
 * counts.
 */
export function independentWeight(reports: readonly ReportFact[], now: number): number {
  const reporters = new Set<string>();
  const calls = new Set<string>();
  const subnets = new Set<string | null>();
  let weight = 0;
  for (const report of [...reports].sort((one, other) => other.at - one.at)) {
    const { callId, reporterSubnet } = report;
    const reporter = userIdOf(report.reporterId);
    if (reporters.has(reporter) || calls.has(callId) || subnets.has(reporterSubnet)) continue;
    reporters.add(reporter);
    calls.add(callId);
    subnets.add(reporterSubnet);
    weight += weightOf(report, now);
  }
  return weight;
}

/**
 * What earlier bans of somebody say about their next hold. Reports that have held them back already do not do so again, and
 * neither do those whose hold an operator has lifted; but a hold that was lifted was none, so the next one is no longer for
 * it.
 */
export function holdsBefore(history: readonly Ban[], now: number): { times: number; reportsSince: number } {
  const holds = history.filter(({ by, createdAt }) => by === 'reports' && createdAt > now - HOLDS_COUNT_MS);
  return {
    times: holds.filter(({ liftedAt }) => liftedAt === null).length,
    reportsSince: Math.max(now - REPORTS_COUNT_MS, ...holds.map(({ createdAt }) => createdAt + 1)),
  };
}

/** How long these reports hold somebody back (ms); null: they do not. `before`: holds within the last week. */
export function holdFor(reports: readonly ReportFact[], before: number, now: number): number | null {
  if (independentWeight(reports, now) < HOLD_WEIGHT) return null;
  return Math.min(HOLD_MS.first * 2 ** before, HOLD_MS.most);
}
