import type { Clock } from '../ports/clock';
import type { LoopLateness } from './loop-lateness';

/**
 * How many rounds of the event loop somebody who comes back may have to wait for. The server takes a few new
 * connections a round, and those of others wait as well.
 */
const ROUNDS = 20;
/** Less than this (ms) is not worth another look. */
const LEAST_MS = 50;

/** Times how long a place is held for somebody who is away: longer when it is this node that keeps them waiting. */
export class GraceTimer implements Pick<Clock, 'after'> {
  constructor(
    private readonly clock: Clock,
    private readonly loop: Pick<LoopLateness, 'lateMs'>,
  ) {}

  /** Runs `action` after `ms`; on a node that is late then, later, but never after more than twice the time. */
  after(ms: number, action: () => void): () => void {
    const latestAt = this.clock.elapsed() + 2 * ms;
    const look = (): void => {
      const moreMs = Math.min(ROUNDS * this.loop.lateMs, latestAt - this.clock.elapsed());
      if (moreMs < LEAST_MS) action();
      else stop = this.clock.after(moreMs, look);
    };
    let stop = this.clock.after(ms, look);
    return () => stop();
  }
}
