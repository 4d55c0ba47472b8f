import type { Clock } from '../../app/ports/clock';
import { RECORDS_LATE_MS } from '../../app/ports/records-health';

const LOOK_MS = 1_000;

export interface UnkeptOptions {
  readonly clock: Clock;
  readonly log: Record<'info' | 'error', (details: object, words: string) => void>;
}

/**
 * The entries that neither the store nor the spool has yet, and since when. Being late loses nothing: they wait in their
 * order for as long as it takes. So lateness raises an alarm, once until it is over.
 */
export class Unkept {
  /** When each entry was written, by its number: the oldest first. */
  private readonly since = new Map<number, number>();
  private isLate = false;
  private readonly stop: () => void;

  constructor(private readonly options: UnkeptOptions) {
    this.stop = options.clock.every(LOOK_MS, () => this.look());
  }

  get size(): number {
    return this.since.size;
  }

  /** How long the oldest has waited (ms); 0 where there is none. */
  get oldestMs(): number {
    const [oldest] = this.since.values();
    return oldest === undefined ? 0 : Math.max(0, this.options.clock.elapsed() - oldest);
  }

  add(number: number): void {
    this.since.set(number, this.options.clock.elapsed());
  }

  remove(number: number): void {
    this.since.delete(number);
  }

  close(): void {
    this.stop();
  }

  private look(): void {
    const { log } = this.options;
    const oldestMs = this.oldestMs;
    const isLate = oldestMs >= RECORDS_LATE_MS;
    if (isLate && !this.isLate)
      log.error(
        { entries: this.size, oldestMs },
        'records are written late: the store and the disk do not keep up',
      );
    if (!isLate && this.isLate) log.info({ entries: this.size }, 'records are written in time again');
    this.isLate = isLate;
  }
}
