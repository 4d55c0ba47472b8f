import type { Clock } from '../../src/app/ports/clock';
import { systemClock } from '../../src/memory/clock';

/** Between what `elapsed` says here and what it says in the process, so that a mixture with other times shows. */
const ELAPSED_BASE = 50_000_000;

/** The machine's time and timers, moved on as far as a test says. */
export class ShiftingClock implements Clock {
  private wallShift = 0;
  private shift = ELAPSED_BASE;

  now(): number {
    return Date.now() + this.wallShift;
  }

  elapsed(): number {
    return systemClock.elapsed() + this.shift;
  }

  after(ms: number, task: () => void): () => void {
    return systemClock.after(ms, task);
  }

  every(ms: number, task: () => void): () => void {
    return systemClock.every(ms, task);
  }

  /** Later by `ms`; timers are not hurried. */
  move(ms: number): void {
    this.shift += ms;
    this.wallShift += ms;
  }

  /** The machine's clock is set: the wall time jumps, and nothing else. */
  jump(ms: number): void {
    this.wallShift += ms;
  }
}
