/** A token bucket as a value: how often something may be done, with bursts. */
export interface TokenBucket {
  readonly tokens: number;
  /** When `tokens` was right: a moment of this process (`Clock.elapsed`). */
  readonly at: number;
}

export interface RateLimit {
  /** Tokens a full bucket holds: how many may come at once. */
  readonly burst: number;
  /** Tokens that come back each second. */
  readonly perSecond: number;
}

export const fullBucket = (limit: RateLimit, now: number): TokenBucket => ({ tokens: limit.burst, at: now });

/**
 * Takes one token. Answers with the bucket afterwards and, when there was none, how long until there is one
 * (`waitMs` > 0; the bucket is then only brought up to date). A clock that goes backwards gives nothing back.
 */
export function takeToken(
  bucket: TokenBucket,
  limit: RateLimit,
  now: number,
): { bucket: TokenBucket; waitMs: number } {
  const elapsed = Math.max(0, now - bucket.at);
  const tokens = Math.min(limit.burst, bucket.tokens + (elapsed / 1000) * limit.perSecond);
  const at = Math.max(now, bucket.at);
  if (tokens < 1) {
    return { bucket: { tokens, at }, waitMs: Math.ceil(((1 - tokens) / limit.perSecond) * 1000) };
  }
  return { bucket: { tokens: tokens - 1, at }, waitMs: 0 };
}
