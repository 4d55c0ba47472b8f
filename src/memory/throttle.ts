import type { Clock } from '../app/ports/clock';
import type { Bucket, Throttle } from '../app/ports/throttle';
import { fullBucket, takeToken, type TokenBucket } from '../domain/token-bucket';

/** Some ten MB at most. */
const MOST_KEYS = 50_000;

/** Token buckets in this process. Where there are too many, the one that was not used for longest is full again. */
export class MemoryThrottle implements Throttle {
  private readonly paces = new Map<string, TokenBucket>();

  constructor(
    private readonly clock: Clock,
    private readonly most = MOST_KEYS,
  ) {}

  take(buckets: readonly Bucket[]): Promise<number> {
    const now = this.clock.now();
    const taken = new Map<string, TokenBucket>();
    for (const { key, limit } of buckets) {
      const before = taken.get(key) ?? this.paces.get(key) ?? fullBucket(limit, now);
      const { bucket, waitMs } = takeToken(before, limit, now);
      if (waitMs > 0) {
        // Still in use, so that whoever is refused cannot wait to be forgotten.
        if (this.paces.has(key)) this.keep(key, before);
        return Promise.resolve(waitMs);
      }
      taken.set(key, bucket);
    }
    for (const [key, bucket] of taken) this.keep(key, bucket);
    return Promise.resolve(0);
  }

  private keep(key: string, bucket: TokenBucket): void {
    this.paces.delete(key);
    this.paces.set(key, bucket);
    const [oldest] = this.paces.keys();
    if (this.paces.size > this.most && oldest !== undefined) this.paces.delete(oldest);
  }
}
