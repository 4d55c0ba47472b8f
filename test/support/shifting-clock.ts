import type { Clock } from '../../src/app/ports/clock';
import { systemClock } from '../../src/memory/clock';

/** The machine's time and timers, moved on as far as a test says. */
export class ShiftingClock implements Clock {
  private shift = 0;

  now(): number {
    return Date.now() + this.shift;
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
  }
}
