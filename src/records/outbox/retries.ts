import type { Clock } from '../../app/ports/clock';

/** Pauses between attempts, each twice as long as the one before, up to a limit; `hurry` ends present ones. */
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
    // After `finish` there is still a short pause, so that attempts do not spin.
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

  /** Ends the present pauses. */
  hurry(): void {
    for (const wake of [...this.sleepers]) wake();
  }

  /** Ends the present pauses, and makes all later ones short. */
  finish(): void {
    this.isHurried = true;
    this.hurry();
  }
}
