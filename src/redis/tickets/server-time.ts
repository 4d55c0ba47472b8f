import { z } from 'zod';
import type { Clock } from '../../app/ports/clock';
import type { RedisConnection } from '../connection';

/** What the two times may be apart more than an answer explains (ms), before the difference is corrected. */
const TOLERANCE_MS = 50;

const timeSchema = z.tuple([z.coerce.number(), z.coerce.number()]);

/**
 * Between the moments of this process (`Clock.elapsed`) and the time of Redis, which is the same for all nodes: what is
 * stored there is in the latter. So tickets age alike on every node, however the clocks of the nodes are set.
 */
export class ServerTime {
  private difference: number | undefined;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Pick<Clock, 'elapsed'>,
  ) {}

  /** Resolves when moments can be converted. Rejects when Redis does not answer. */
  async ready(): Promise<void> {
    if (this.difference !== undefined) return;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    await this.asking;
  }

  /** Redis has said its time (ms) in answer to a request that was sent at this moment. */
  heard(serverMs: number, sentAt: number): void {
    const [least, most] = [serverMs - this.clock.elapsed(), serverMs - sentAt];
    const known = this.difference;
    const isSo = known !== undefined && known >= least - TOLERANCE_MS && known <= most + TOLERANCE_MS;
    // Kept as long as it may be right, so that the times of tickets do not waver.
    if (!isSo) this.difference = Math.round((least + most) / 2);
  }

  /** What to add to a moment of this process for the time of Redis (ms). */
  get offset(): number {
    if (this.difference === undefined) throw new Error('the time of Redis is not known yet');
    return this.difference;
  }

  private async ask(): Promise<void> {
    const sentAt = this.clock.elapsed();
    const [seconds, microseconds] = timeSchema.parse(await this.redis.answer(this.redis.client.time()));
    this.heard(seconds * 1000 + Math.floor(microseconds / 1000), sentAt);
  }
}
