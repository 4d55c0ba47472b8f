import type { Clock } from '../../app/ports/clock';

/**
 * Attempts on a store that may hang. A store that has ended no attempt for some time counts as away; one that is only
 * slow does not, since what waits for its turn there would only be written twice.
 */
export class Attempts {
  private readonly abandoned = new Set<Promise<unknown>>();
  /** When the last attempt succeeded. */
  private doneAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly silentMs: number,
  ) {
    this.doneAt = clock.elapsed();
  }

  /** Whether no attempt that was given up is still under way. */
  get areOver(): boolean {
    return this.abandoned.size === 0;
  }

  /** Resolves when every attempt that was given up has ended. None of those can undo what comes after it then. */
  async over(): Promise<void> {
    await Promise.all(this.abandoned);
  }

  /** An attempt has succeeded. */
  succeeded(): void {
    this.doneAt = this.clock.elapsed();
  }

  /** The result of an attempt, or `unavailable` when it is given up; the attempt goes on and is remembered. */
  inTime<T>(attempt: Promise<T>): Promise<T | 'unavailable'> {
    const begunAt = this.clock.elapsed();
    return new Promise((resolve, reject) => {
      let stop: () => void = () => undefined;
      const wait = (ms: number): void => {
        stop = this.clock.after(ms, () => {
          const restMs = this.silentMs - (this.clock.elapsed() - Math.max(this.doneAt, begunAt));
          if (restMs > 0) return wait(restMs);
          this.abandon(attempt);
          resolve('unavailable');
        });
      };
      wait(this.silentMs);
      attempt.then(resolve, reject).finally(() => stop());
    });
  }

  private abandon(attempt: Promise<unknown>): void {
    const ended: Promise<unknown> = attempt
      .catch(() => undefined)
      .finally(() => this.abandoned.delete(ended));
    this.abandoned.add(ended);
  }
}
