import type { Clock } from '../app/ports/clock';
import type { Bucket, LocalThrottle } from '../app/ports/throttle';
import { fullBucket, takeToken, type TokenBucket } from '../domain/token-bucket';

/** Some ten MB at most. */
const MOST_KEYS = 50_000;
/** How many other buckets are looked at whenever one is used: twice as fast as new ones come. */
const LOOKED_AT = 2;

interface KeptBucket {
  readonly bucket: TokenBucket;
  /** From then on it is as good as none (`Clock.elapsed`). */
  readonly fullAt: number;
}

/**
 * Token buckets in this process. A bucket that is full again is dropped soon after, as long as any are used. When there
 * are too many all the same, the one not used for longest is dropped (full again).
 */
export class MemoryThrottle implements LocalThrottle {
  private readonly buckets = new Map<string, KeptBucket>();
  private looking: Iterator<[string, KeptBucket]> = this.buckets.entries();

  constructor(
    private readonly clock: Clock,
    private readonly most = MOST_KEYS,
  ) {}

  /** Buckets that are kept. */
  get size(): number {
    return this.buckets.size;
  }

  take(buckets: readonly Bucket[]): Promise<number> {
    return Promise.resolve(this.takeNow(buckets));
  }

  takeNow(buckets: readonly Bucket[]): number {
    const now = this.clock.elapsed();
    this.dropFull(now);
    const taken = new Map<string, KeptBucket>();
    for (const { key, limit } of buckets) {
      const kept = taken.get(key) ?? this.buckets.get(key);
      const { bucket, waitMs } = takeToken(kept?.bucket ?? fullBucket(limit, now), limit, now);
      if (waitMs > 0) {
        // Counts as used, so that a rejected client cannot wait until its bucket is dropped.
        if (kept !== undefined && this.buckets.has(key)) this.keep(key, kept);
        return waitMs;
      }
      const fullAt = now + ((limit.burst - bucket.tokens) / limit.perSecond) * 1000;
      taken.set(key, { bucket, fullAt });
    }
    for (const [key, kept] of taken) this.keep(key, kept);
    return 0;
  }

  private keep(key: string, kept: KeptBucket): void {
    this.buckets.delete(key);
    this.buckets.set(key, kept);
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > this.most && oldest !== undefined) this.buckets.delete(oldest);
  }

  private dropFull(now: number): void {
    for (let looked = 0; looked < LOOKED_AT; looked += 1) {
      const next = this.looking.next();
      if (next.done === true) {
        this.looking = this.buckets.entries();
        return;
      }
      const [key, { fullAt }] = next.value;
      if (fullAt <= now) this.buckets.delete(key);
    }
  }
}
