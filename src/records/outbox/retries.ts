import type { Clock } from '../../app/ports/clock';

/** Pauses between attempts, each twice as long as the one before up to a most; `hurry` ends those going on. */
export class Retries {
  private readonly sleepers = new Set<() => void>();
  private isHurried = false;

  constructor(
    private readonly clock: Clock,
    private readonly pauses: { readonly first: number; readonly most: number },
  ) {}

  /** @param attempt failures so far, from 1 */
  async pause(attempt: number): Promise<void> {
    const { first, most } = this.pauses;
    // Once hurried for good there is still a short pause, so that nothing spins.
    const ms = this.isHurried ? first : Math.min(most, first * 2 ** Math.min(attempt - 1, 20));
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        stop();
        this.sleepers.delete(wake);
        resolve();
      };
      const stop = this.clock.after(ms, wake);
      this.sleepers.add(wake);
    });
  }

  /** Ends the pauses going on. */
  hurry(): void {
    for (const wake of [...this.sleepers]) wake();
  }

  /** Ends the pauses going on, and makes all later ones short. */
  finish(): void {
    this.isHurried = true;
    this.hurry();
  }
}
