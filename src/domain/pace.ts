/** A token bucket as a value: how often something may be done, with bursts. */
export interface Pace {
  readonly tokens: number;
  /** When `tokens` was right (ms since the epoch). */
  readonly at: number;
}

export interface PaceLimit {
  /** Tokens a full bucket holds: how many may come at once. */
  readonly burst: number;
  /** Tokens that come back each second. */
  readonly perSecond: number;
}

export const fullPace = (limit: PaceLimit, now: number): Pace => ({ tokens: limit.burst, at: now });

/**
 * Takes one token. Answers with the bucket afterwards and, when there was none, how long until there is one
 * (`waitMs` > 0; the bucket is then only brought up to date). A clock that goes backwards gives nothing back.
 */
export function takeToken(pace: Pace, limit: PaceLimit, now: number): { pace: Pace; waitMs: number } {
  const elapsed = Math.max(0, now - pace.at);
  const tokens = Math.min(limit.burst, pace.tokens + (elapsed / 1000) * limit.perSecond);
  const at = Math.max(now, pace.at);
  if (tokens < 1) {
    return { pace: { tokens, at }, waitMs: Math.ceil(((1 - tokens) / limit.perSecond) * 1000) };
  }
  return { pace: { tokens: tokens - 1, at }, waitMs: 0 };
}
