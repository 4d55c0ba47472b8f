import type { Clock } from '../../src/app/ports/clock';

interface Timer {
  at: number;
  readonly every: number | null;
  readonly task: () => void;
}

/** What `elapsed` says first. It is far from the wall time, so that a mixture of the two shows. */
export const ELAPSED_AT_START = 7_000;

/** A clock whose time moves only when a test says so. Timers run in the order in which they are due. */
export class ManualClock implements Clock {
  private time = ELAPSED_AT_START;
  private wallOffset: number;
  private readonly timers = new Set<Timer>();

  constructor(startAt = 1_000_000_000_000) {
    this.wallOffset = startAt - this.time;
  }

  now(): number {
    return this.time + this.wallOffset;
  }

  elapsed(): number {
    return this.time;
  }

  after(ms: number, task: () => void): () => void {
    return this.start({ at: this.time + Math.max(0, ms), every: null, task });
  }

  every(ms: number, task: () => void): () => void {
    return this.start({ at: this.time + ms, every: Math.max(1, ms), task });
  }

  /** Timers that have still to run. */
  get pending(): number {
    return this.timers.size;
  }

  /** Moves the time on and runs the timers due on the way. Promises and immediates settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (let timer = this.nextBy(until); timer !== undefined; timer = this.nextBy(until)) {
      this.time = Math.max(this.time, timer.at);
      if (timer.every === null) this.timers.delete(timer);
      else timer.at += timer.every;
      timer.task();
      await settle();
    }
    this.time = until;
    await settle();
  }

  /** The process is paused: time goes by, and timers that came due run only after other waiting events. */
  standStill(ms: number): void {
    this.time += ms;
  }

  /** The machine's clock is set: the wall time jumps, and nothing else. */
  jump(ms: number): void {
    this.wallOffset += ms;
  }

  private start(timer: Timer): () => void {
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  private nextBy(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}

/** Waits until everything that needs only turns of the event loop has ended. */
export async function settle(turns = 4): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
