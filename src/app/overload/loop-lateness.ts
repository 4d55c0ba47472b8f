import type { Clock } from '../ports/clock';

const LOOK_MS = 100;
/** A single look counts for no more than this (ms): a process that was stopped for seconds is not busy afterwards. */
const MOST_MS = 1_000;
/** The weight of a look in the mean. */
const WEIGHT = 0.3;

/** How late this node's event loop goes round: everything that the node does is late by that much. */
export class LoopLateness {
  private mean = 0;
  private lookedAt: number;
  private readonly stop: () => void;

  constructor(private readonly clock: Clock) {
    this.lookedAt = clock.elapsed();
    this.stop = clock.every(LOOK_MS, () => this.look());
  }

  /** ms */
  get lateMs(): number {
    return this.mean;
  }

  close(): void {
    this.stop();
  }

  private look(): void {
    const now = this.clock.elapsed();
    const late = Math.min(MOST_MS, Math.max(0, now - this.lookedAt - LOOK_MS));
    this.lookedAt = now;
    this.mean += WEIGHT * (late - this.mean);
  }
}
