import type { Clock } from '../app/ports/clock';
import type { Bucket, Throttle } from '../app/ports/throttle';
import { fullBucket, takeToken, type TokenBucket } from '../domain/token-bucket';

/** Some ten MB at most. */
const MOST_KEYS = 50_000;

/** Token buckets in this process. When there are too many, the one not used for longest is dropped (full again). */
export class MemoryThrottle implements Throttle {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly clock: Clock,
    private readonly most = MOST_KEYS,
  ) {}

  take(buckets: readonly Bucket[]): Promise<number> {
    const now = this.clock.elapsed();
    const taken = new Map<string, TokenBucket>();
    for (const { key, limit } of buckets) {
      const before = taken.get(key) ?? this.buckets.get(key) ?? fullBucket(limit, now);
      const { bucket, waitMs } = takeToken(before, limit, now);
      if (waitMs > 0) {
        // Counts as used, so that a rejected client cannot wait until its bucket is dropped.
        if (this.buckets.has(key)) this.keep(key, before);
        return Promise.resolve(waitMs);
      }
      taken.set(key, bucket);
    }
    for (const [key, bucket] of taken) this.keep(key, bucket);
    return Promise.resolve(0);
  }

  private keep(key: string, bucket: TokenBucket): void {
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > this.most && oldest !== undefined) this.buckets.delete(oldest);
  }
}
