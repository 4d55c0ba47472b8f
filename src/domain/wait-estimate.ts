/** How long someone waited who was matched, and when that was (ms since the epoch). */
export interface WaitSample {
  readonly waitedMs: number;
  readonly at: number;
}

export interface WaitQuestion {
  /** Waits of those who were matched in this mode lately, in any order. */
  readonly samples: readonly WaitSample[];
  /** People who search in this mode, the one who asks not counted. */
  readonly othersWaiting: number;
  readonly now: number;
  /** How long the one who asks has waited already. */
  readonly waitedMs?: number;
}

/** What is older says nothing about now: people come and go with the hour. */
export const EVIDENCE_MS = 5 * 60_000;
/** Fewer people than this are chance, not evidence. */
export const MIN_SAMPLES = 4;

/**
 * The likely further wait in ms (M10): half of those matched lately who waited at least as long as this person
 * has so far were matched within that time. Null when it cannot be said honestly: nobody else is there, too few
 * were matched lately, or too few of them had to wait as long as this person already has.
 */
export function estimateWait({ samples, othersWaiting, now, waitedMs = 0 }: WaitQuestion): number | null {
  if (othersWaiting <= 0) return null;
  const further = samples
    .filter(({ at }) => now - at <= EVIDENCE_MS)
    .filter((sample) => sample.waitedMs >= waitedMs)
    .map((sample) => sample.waitedMs - waitedMs)
    .sort((a, b) => a - b);
  if (further.length < MIN_SAMPLES) return null;
  return Math.round(further[Math.floor(further.length / 2)] ?? 0);
}
