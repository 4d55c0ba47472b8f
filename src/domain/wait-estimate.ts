/** How long a matched peer had waited, and when it was matched (`Clock.elapsed`). */
export interface WaitSample {
  readonly waitedMs: number;
  readonly at: number;
}

export interface WaitQuestion {
  /** Waits of the peers matched in this mode lately, in any order. */
  readonly samples: readonly WaitSample[];
  /** Peers who search in this mode, without the one the estimate is for. */
  readonly othersWaiting: number;
  readonly now: number;
  /** How long the peer that the estimate is for has waited already. */
  readonly waitedMs?: number;
}

/** Older samples say nothing about now: the number of users changes with the hour. */
export const EVIDENCE_MS = 5 * 60_000;
/** Fewer samples than this are chance, not evidence. */
export const MIN_SAMPLES = 4;

/**
 * The likely further wait in ms (M10). Of the peers matched lately who waited at least as long as this peer has so far,
 * half were matched within that time. Null when there is no honest estimate: no other peer searches, too few were matched
 * lately, or too few of them had to wait as long as this peer already has.
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
