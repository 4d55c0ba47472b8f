import { z } from 'zod';
import type { Bucket, Throttle } from '../app/ports/throttle';
import type { RedisConnection } from './connection';
import { KEY_PREFIX } from './key-prefix';

const PREFIX = `${KEY_PREFIX}throttle:`;
/** The longest a bucket is kept (ms), however slowly it fills. */
const MOST_KEPT_MS = 24 * 3_600_000;

const waitSchema = z.number().int().nonnegative();

/**
 * Token buckets that all nodes share, each forgotten when it would be full again. They fill by the time of Redis, so
 * neither the clocks of nodes nor differences between them matter.
 *
 * In a cluster buckets are on different servers, which no script can change together. So tokens are taken from one
 * bucket after the other. When a bucket is empty, the tokens taken before are given back.
 */
export class RedisThrottle implements Throttle {
  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix = PREFIX,
  ) {}

  async take(buckets: readonly Bucket[]): Promise<number> {
    for (const [index, bucket] of buckets.entries()) {
      const waitMs = await this.takeOne(bucket);
      if (waitMs === 0) continue;
      await Promise.all(buckets.slice(0, index).map((taken) => this.giveBack(taken)));
      return waitMs;
    }
    return 0;
  }

  private async takeOne({ key, limit: { burst, perSecond } }: Bucket): Promise<number> {
    const reply = this.redis.client.takeToken(this.prefix + key, burst, perSecond, MOST_KEPT_MS);
    return waitSchema.parse(await this.redis.answer(reply));
  }

  private async giveBack({ key, limit: { burst } }: Bucket): Promise<void> {
    await this.redis.answer(this.redis.client.giveTokenBack(this.prefix + key, burst));
  }
}
