import type { ChaosContext } from './context';

/** Measures from the moment in which somebody's node is killed until they are in a queue or a call again. */
export class RecoveryTimer {
  private killedAt: number | undefined;
  private lostState = false;
  private redisWasUp = true;

  constructor(private readonly context: ChaosContext) {}

  get isRunning(): boolean {
    return this.killedAt !== undefined;
  }

  start(at: number): void {
    this.killedAt = at;
    this.lostState = false;
    this.redisWasUp = this.context.redisIsUp();
  }

  /** They were greeted as somebody who does nothing. */
  stateLost(): void {
    this.lostState = true;
  }

  /** They do something else of their own will. */
  cancel(): void {
    this.killedAt = undefined;
  }

  /** Records that they are back. Returns how long it took (ms); 0 when the timer did not run. */
  stop(to: 'queue' | 'call'): number {
    if (this.killedAt === undefined) return 0;
    const ms = Date.now() - this.killedAt;
    const withRedis = this.redisWasUp && this.context.redisIsUp();
    this.context.tally.recoveries.push({ ms, to, lostState: this.lostState, withRedis });
    this.killedAt = undefined;
    return ms;
  }
}
