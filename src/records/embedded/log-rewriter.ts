import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';

export interface LogRewriterOptions {
  readonly collection: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Rewrites the log from the present records; returns its length in bytes. */
  readonly rewrite: () => Promise<number>;
  /** Whether the log is much larger than what it holds. */
  readonly isMostlyDead: () => boolean;
  /** Whether the log holds dead lines already. */
  readonly hasDeadLines: boolean;
}

/** How long after a removal the log is rewritten; later removals until then share the rewrite. */
const REMOVAL_MS = 3_000;
/** A dead line is never older than an hour: the rest of the hour is for the next sweep, and for another attempt. */
const DEAD_MS = 55 * 60_000;
/** How long after a failure a large or old log is rewritten again. */
const RETRY_MS = 60_000;
/** Rewrites because of removals take no more than a twentieth of the time, however large the log is. */
const REST = 20;

/** Dead lines of a log: their records were changed or deleted since. */
interface DeadLines {
  /** When the oldest of them died. */
  readonly since: number;
  /** Whether some of them hold data that was deleted or removed from a record. */
  readonly isRemoval: boolean;
}

/**
 * Decides when a collection's log is rewritten: when it is much larger than its live records, when the oldest of its dead
 * lines is nearly an hour old, and some seconds after something was removed. So data that users have erased, and records
 * past their end, do not stay on disk any longer.
 */
export class LogRewriter {
  private dead: DeadLines | undefined;
  private rewriting: Promise<void> | undefined;
  private stopWaiting: (() => void) | undefined;
  private isClosed = false;
  /** After a failure, and after a rewrite that took long. */
  private largeFrom = 0;
  private removalsFrom = 0;

  constructor(private readonly options: LogRewriterOptions) {
    // The age of dead lines that a former process has left is unknown; they may hold removed data.
    if (options.hasDeadLines) this.dead = { since: Number.NEGATIVE_INFINITY, isRemoval: true };
  }

  /**
   * Lines have died, and the lines that replace them are on disk. Do not call it earlier: lines that are still being
   * written would be copied into the new log behind the records it starts with.
   */
  died(isRemoval: boolean): void {
    this.dead = {
      since: this.dead?.since ?? this.options.clock.elapsed(),
      isRemoval: isRemoval || this.dead?.isRemoval === true,
    };
    if (this.options.isMostlyDead() && this.options.clock.elapsed() >= this.largeFrom) this.begin();
    this.waitForRemovals();
  }

  /** Checks how old the oldest dead line is. Call it each minute. */
  look(): void {
    const { dead } = this;
    const now = this.options.clock.elapsed();
    if (dead !== undefined && now - dead.since >= DEAD_MS && now >= this.largeFrom) this.begin();
    this.waitForRemovals();
  }

  /** Removes from disk what still has to be removed, and ends. The log may not change after that. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopWaiting?.();
    await this.rewriting;
    if (this.dead?.isRemoval === true) await this.rewrite();
  }

  private waitForRemovals(): void {
    if (this.dead?.isRemoval !== true || this.stopWaiting !== undefined || this.isClosed) return;
    const { clock } = this.options;
    const ms = Math.max(REMOVAL_MS, this.removalsFrom - clock.elapsed());
    this.stopWaiting = clock.after(ms, () => {
      this.stopWaiting = undefined;
      if (this.dead?.isRemoval === true) this.begin();
    });
  }

  private begin(): void {
    if (this.rewriting !== undefined || this.isClosed) return;
    this.rewriting = this.rewrite().finally(() => {
      this.rewriting = undefined;
      // Something may have been removed while the log was written.
      this.waitForRemovals();
    });
  }

  private async rewrite(): Promise<void> {
    const { clock, log, collection } = this.options;
    // Lines that die from now on may be in the new log, so they count for that one.
    const dead = this.takeDead();
    const from = clock.elapsed();
    try {
      const bytes = await this.options.rewrite();
      log.info({ collection, bytes }, 'wrote the log of a collection anew');
      this.removalsFrom = clock.elapsed() + Math.min(REST * (clock.elapsed() - from), DEAD_MS);
    } catch (error) {
      const later = this.takeDead();
      if (dead === undefined) this.dead = later;
      else this.dead = { since: dead.since, isRemoval: dead.isRemoval || later?.isRemoval === true };
      this.largeFrom = this.removalsFrom = clock.elapsed() + RETRY_MS;
      log.warn(
        { err: error, collection },
        'could not write the log of a collection anew; trying again in a minute',
      );
    }
  }

  private takeDead(): DeadLines | undefined {
    const { dead } = this;
    this.dead = undefined;
    return dead;
  }
}
