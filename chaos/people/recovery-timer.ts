import type { ChaosNode } from '../nodes/chaos-node';
import type { ChaosContext } from './context';

/** Measures from the moment when a client's node is killed until the client is in a queue or a call again. */
export class RecoveryTimer {
  private killedAt: number | undefined;
  /** When the client last turned to a node. */
  private turnedAt = 0;
  private lostState = false;

  constructor(private readonly context: ChaosContext) {}

  get isRunning(): boolean {
    return this.killedAt !== undefined;
  }

  start(at: number): void {
    this.killedAt = at;
    this.lostState = false;
  }

  /** The client turns to a node. */
  turned(): void {
    this.turnedAt = Date.now();
  }

  /** The handshake had the state `idle`. */
  stateLost(): void {
    this.lostState = true;
  }

  /** The client does something else by itself. */
  cancel(): void {
    this.killedAt = undefined;
  }

  /** Records that the client is back, at this node. Returns how long it took (ms); 0 when the timer did not run. */
  stop(to: 'queue' | 'call', node: ChaosNode | undefined): number {
    if (this.killedAt === undefined) return 0;
    const stillMs = node?.stillSince(Math.max(this.killedAt, this.turnedAt)) ?? 0;
    const ms = Date.now() - this.killedAt - stillMs;
    const lastAway = this.context.redisLastAway();
    const withRedis = lastAway === null || lastAway < this.killedAt;
    this.context.tally.recoveries.push({ ms, stillMs, to, lostState: this.lostState, withRedis });
    this.killedAt = undefined;
    return ms;
  }
}
