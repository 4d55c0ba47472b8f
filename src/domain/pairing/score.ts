import { AGE_BANDS, type AgeBand } from '../../protocol';
import type { Ticket } from './ticket';

/** A longer wait than this earns no more points; by then every circle is open (M4). */
export const FULL_WAIT_MS = 60_000;

/** The four parts of a score (M3): whole numbers, each within its own ceiling, 100 together. */
export interface Score {
  /** 0–50 */
  readonly interests: number;
  /** 0–20 */
  readonly location: number;
  /** 0–20 */
  readonly age: number;
  /** 0–10 */
  readonly waiting: number;
  readonly total: number;
}

/** How many entries two lists have in common. Neither repeats an entry. */
export function sharedCount(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  for (const entry of a) if (b.includes(entry)) shared++;
  return shared;
}

/**
 * Two peers who both named nothing get neutral points, a little above one shared tag of many. Otherwise the share of the
 * shorter list counts, so that naming many interests costs nothing. Halves are rounded up.
 */
export function interestPoints(shared: number, countA: number, countB: number): number {
  if (shared > 0) return 20 + Math.round((30 * shared) / Math.min(countA, countB));
  return countA === 0 && countB === 0 ? 25 : 0;
}

/** An unknown country is worth less than the same one and more than another one. */
export function locationPoints(a: string | null, b: string | null): number {
  if (a === null || b === null) return 8;
  return a === b ? 20 : 0;
}

const AGE_POINTS = [20, 12, 5] as const;

/** Steps between two age bands, 0 for the same one; null when either is unknown. */
export function ageDistance(a: AgeBand | null, b: AgeBand | null): number | null {
  if (a === null || b === null) return null;
  return Math.abs(AGE_BANDS.indexOf(a) - AGE_BANDS.indexOf(b));
}

export function agePoints(a: AgeBand | null, b: AgeBand | null): number {
  const distance = ageDistance(a, b);
  return distance === null ? 8 : (AGE_POINTS[distance] ?? 0);
}

/** 0–6 for the longer wait of the two: one point for each full sixth of `FULL_WAIT_MS`. */
export const waitPoints = (longerWaitMs: number): number =>
  Math.floor((6 * Math.max(0, Math.min(longerWaitMs, FULL_WAIT_MS))) / FULL_WAIT_MS);

/**
 * 0–4 for a plan's priority, rounded; the higher one of the two counts. A plan moves a peer up among peers who suit about
 * as well, and never past a peer who suits as well and has waited a minute.
 */
export const priorityPoints = (priority: number): number =>
  Math.round(4 * Math.max(0, Math.min(priority, 1)));

/** How well two suit each other at this time. The same whichever of the two comes first. */
export function scoreOf(a: Ticket, b: Ticket, now: number): Score {
  const shared = sharedCount(a.interests, b.interests);
  const interests = interestPoints(shared, a.interests.length, b.interests.length);
  const location = locationPoints(a.country, b.country);
  const age = agePoints(a.ageBand, b.ageBand);
  const priority = Math.max(priorityPoints(a.priority), priorityPoints(b.priority));
  const waiting = waitPoints(now - Math.min(a.since, b.since)) + priority;
  return { interests, location, age, waiting, total: interests + location + age + waiting };
}
