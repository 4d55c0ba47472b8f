/** How late a node is: what it can carry shows in nothing else as early. */
export interface Strain {
  /** How late its event loop goes round, smoothed (ms). */
  readonly loopLateMs: number;
  /** How long the oldest change waits for its record (ms). */
  readonly recordsOldestMs: number;
}

/** Below this (ms), people notice nothing. */
const LOOP_LATE_MS = 50;
const RECORDS_LATE_MS = 2_000;

const isStrained = ({ loopLateMs, recordsOldestMs }: Strain): boolean =>
  loopLateMs > LOOP_LATE_MS || recordsOldestMs > RECORDS_LATE_MS;

/** New work that a node begins each second: never less than `least`, never more than `most`. */
export interface PaceLimits {
  readonly least: number;
  readonly most: number;
}

/** The share of its pace that a strained node keeps, and by how much a node raises it that is not, four times a second. */
const FALL = 0.7;
const RISE = 1.25;

/**
 * The next pace. It falls by a share and rises by a smaller one, so that it settles near what the node can carry (the
 * rule of TCP's congestion control). From `least` it is at a thousand times as much after eight seconds without strain,
 * so an overload leaves nothing behind.
 */
export function nextPace(perSecond: number, strain: Strain, { least, most }: PaceLimits): number {
  const wanted = isStrained(strain) ? perSecond * FALL : perSecond * RISE;
  return Math.min(most, Math.max(least, wanted));
}

/** So much of a second's work may come at once. */
const BURST_MS = 250;

export type Turn =
  /** The work may begin after this time. Whoever comes next waits for longer. */
  | { readonly kind: 'taken'; readonly waitMs: number; readonly nextAt: number }
  /** It would have to wait for too long: for this time. */
  | { readonly kind: 'refused'; readonly waitMs: number };

/**
 * Takes a turn in a line that moves at a pace (the generic cell rate algorithm). `nextAt`: when the line has room for
 * another turn, as the last turn has left it.
 */
export function takeTurn(
  nextAt: number,
  { perSecond, mostWaitMs }: { readonly perSecond: number; readonly mostWaitMs: number },
  now: number,
): Turn {
  const at = Math.max(nextAt, now - BURST_MS);
  const waitMs = Math.max(0, Math.ceil(at - now));
  if (waitMs > mostWaitMs) return { kind: 'refused', waitMs };
  return { kind: 'taken', waitMs, nextAt: at + 1000 / perSecond };
}
