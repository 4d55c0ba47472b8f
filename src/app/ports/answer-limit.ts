import type { Clock } from './clock';

/** A dependency gave no answer within its limit. It may have carried the request out, or may still do so. */
export class NoAnswer extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
    this.name = 'NoAnswer';
  }
}

export interface AnswerLimitOptions {
  readonly limitMs: number;
  /** How long requests are rejected at once, without being made, after one that heard nothing. */
  readonly pauseMs: number;
}

/** A limit is counted in so many steps, so that it grows where the event loop is late: the answer may be here already. */
const STEPS = 6;

/**
 * Limits how long callers wait for a dependency that may hang: it accepts requests and does not answer them. The first
 * callers wait up to the limit. Those after them do not wait at all, until something is heard or a pause is over, so
 * that one caller with several requests waits once.
 */
export class AnswerLimit {
  private heardAt = Number.NEGATIVE_INFINITY;
  private silentFrom: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly options: AnswerLimitOptions,
  ) {}

  /** The answer. Rejects with `NoAnswer`. */
  ask<T>(request: () => Promise<T>): Promise<T> {
    const { limitMs, pauseMs } = this.options;
    const begunAt = this.clock.elapsed();
    if (this.silentFrom !== undefined && begunAt - this.silentFrom < pauseMs)
      return Promise.reject(new NoAnswer(limitMs));
    const answer = request().finally(() => this.heard());
    return new Promise<T>((resolve, reject) => {
      let stop: () => void = () => undefined;
      const wait = (steps: number): void => {
        stop = this.clock.after(limitMs / STEPS, () => {
          if (steps > 1) return wait(steps - 1);
          if (this.heardAt < begunAt) this.silentFrom = this.clock.elapsed();
          reject(new NoAnswer(limitMs));
        });
      };
      wait(STEPS);
      answer.then(resolve, reject).finally(() => stop());
    });
  }

  private heard(): void {
    this.heardAt = this.clock.elapsed();
    this.silentFrom = undefined;
  }
}
