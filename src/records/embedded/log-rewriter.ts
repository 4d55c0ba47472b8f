import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';

export interface LogRewriterOptions {
  readonly collection: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Writes the log anew from what there is now; answers with its length in bytes. */
  readonly rewrite: () => Promise<number>;
  /** Whether the log is much larger than what it holds. */
  readonly isMostlyDead: () => boolean;
  /** Whether the log holds lines already that say nothing any more. */
  readonly hasDeadLines: boolean;
}

/** What was taken away is gone from disk after so long; whatever else is taken away meanwhile goes with it. */
const REMOVAL_MS = 3_000;
/** A dead line is never older than an hour: the rest of the hour is for the sweep to come by, and to try again. */
const DEAD_MS = 55 * 60_000;
/** Being large or old, a log is tried again after so long when it could not be written anew. */
const RETRY_MS = 60_000;
/** Removals make a log be written for no more than a twentieth of the time, however large it is. */
const REST = 20;

/** Lines of a log that say nothing any more: their records were changed or deleted since. */
interface DeadLines {
  /** When the oldest of them died. */
  readonly since: number;
  /** Whether some of them tell of what was deleted or taken out of a record. */
  readonly isRemoval: boolean;
}

/**
 * Says when a collection's log is written anew: when it is much larger than what it holds, when the oldest of its dead
 * lines is nearly an hour old, and some seconds after something was removed, so that what people have erased, and what
 * has come to its end, is not on disk any longer than that.
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
    // Nobody knows how old those are that a former process has left; what was removed may be among them.
    if (options.hasDeadLines) this.dead = { since: Number.NEGATIVE_INFINITY, isRemoval: true };
  }

  /**
   * Lines have died, and those that tell of it are on disk. Not to be called before that: the text of lines that are
   * still being written would come into a new log behind the records it begins with.
   */
  died(isRemoval: boolean): void {
    this.dead = {
      since: this.dead?.since ?? this.options.clock.now(),
      isRemoval: isRemoval || this.dead?.isRemoval === true,
    };
    if (this.options.isMostlyDead() && this.options.clock.now() >= this.largeFrom) this.begin();
    this.waitForRemovals();
  }

  /** Looks how old the oldest dead line is; to be called each minute. */
  look(): void {
    const { dead } = this;
    const now = this.options.clock.now();
    if (dead !== undefined && now - dead.since >= DEAD_MS && now >= this.largeFrom) this.begin();
    this.waitForRemovals();
  }

  /** Removes from disk what is still to be removed, and ends. Nothing may change the log any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopWaiting?.();
    await this.rewriting;
    if (this.dead?.isRemoval === true) await this.rewrite();
  }

  private waitForRemovals(): void {
    if (this.dead?.isRemoval !== true || this.stopWaiting !== undefined || this.isClosed) return;
    const { clock } = this.options;
    const ms = Math.max(REMOVAL_MS, this.removalsFrom - clock.now());
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
    // What dies from now on may be in the new log, so it counts for that.
    const dead = this.takeDead();
    const from = clock.now();
    try {
      const bytes = await this.options.rewrite();
      log.info({ collection, bytes }, 'wrote the log of a collection anew');
      this.removalsFrom = clock.now() + Math.min(REST * (clock.now() - from), DEAD_MS);
    } catch (error) {
      const later = this.takeDead();
      if (dead === undefined) this.dead = later;
      else this.dead = { since: dead.since, isRemoval: dead.isRemoval || later?.isRemoval === true };
      this.largeFrom = this.removalsFrom = clock.now() + RETRY_MS;
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
