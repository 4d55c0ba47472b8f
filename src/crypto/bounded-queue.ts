import { DomainError } from '../domain/error';

/** When a queue that is full now is likely to have room again. */
const RETRY_AFTER_MS = 2_000;

/** Limits the tasks that run at once and those that wait; others are rejected, so that a flood fills no memory. */
export class BoundedQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** Throws `DomainError('rate_limited')` when too many wait already. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await task();
    } finally {
      // The turn is passed on directly, so that no new task can take it in between.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.atOnce) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.mostWaiting) {
      throw new DomainError('rate_limited', 'too many requests of this kind at once', RETRY_AFTER_MS);
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
