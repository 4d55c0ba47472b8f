import type { Clock } from '../../app/ports/clock';
import { RedisUnavailable } from '../unavailable';

/** Probes that were published and not received yet. */
export class Probes {
  private readonly waiting = new Map<number, (error?: Error) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly withinMs: number,
  ) {}

  /** Resolves when the probe is received; rejects with `RedisUnavailable` when it does not arrive in time. */
  expect(number: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: Error): void => {
        forget();
        this.waiting.delete(number);
        if (error === undefined) resolve();
        else reject(error);
      };
      const late = new RedisUnavailable(`a published message was not received within ${this.withinMs} ms`);
      const forget = this.clock.after(this.withinMs, () => finish(late));
      this.waiting.set(number, finish);
    });
  }

  heard(number: number): void {
    this.waiting.get(number)?.();
  }

  fail(error: Error): void {
    for (const finish of [...this.waiting.values()]) finish(error);
  }
}
