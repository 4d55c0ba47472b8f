import type { Clock } from '../../app/ports/clock';

const EVERY_MS = 3_000;

/** Prints the progress of a task every three seconds, and nothing for a task that ends sooner. */
export class Progress {
  private saidAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly say: (line: string) => void,
  ) {
    this.saidAt = clock.elapsed();
  }

  /** @param what for instance `users` @param of how many there are, where that is known */
  at(what: string, done: number, of?: number): void {
    const now = this.clock.elapsed();
    if (now - this.saidAt < EVERY_MS) return;
    this.saidAt = now;
    this.say(`  ... ${what}: ${done}${of === undefined ? '' : ` of ${of}`}`);
  }
}
