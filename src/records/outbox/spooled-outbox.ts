import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';
import { makeFolder } from '../../disk/folders';
import { FolderLock } from '../files/folder-lock';
import { SerialQueue } from '../files/serial-queue';
import { MODELS } from '../models';
import { CheckedModel } from '../store/checked-model';
import type { Entry, Outbox, OutboxState } from '../store/outbox';
import {
  InvalidRecord,
  StoreUnavailable,
  type AnyModel,
  type Collection,
  type Identified,
  type Model,
  type RecordStore,
} from '../store/record-store';
import { Attempts } from './attempts';
import { inLanes } from './lanes';
import { RejectedLog } from './rejected-log';
import { Retries } from './retries';
import { Spool } from './spool';
import { Unkept } from './unkept';

export interface OutboxOptions {
  readonly store: RecordStore;
  /** A folder of its own. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly models?: readonly AnyModel[];
  /** Entries kept in memory while neither store nor disk accepts them. */
  readonly bufferEntries?: number;
}

type Outcome = 'applied' | 'unavailable' | { readonly domainError: unknown };

interface Target {
  readonly checked: CheckedModel<Identified>;
  readonly collection: Collection<Identified>;
}

interface Item {
  /** Numbers entries in the order in which they were written. */
  readonly number: number;
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A store that has applied nothing for this long counts as away. One that is only slow does not. */
const ATTEMPT_MS = 2_000;
/** How often an orderly stop tries to write what neither the store nor the disk took. */
const LAST_ATTEMPTS = 5;
const RETRY_MS = { first: 100, most: 5_000 };
/** So many are a few tens of megabytes. Long before, no new searches are taken. */
const BUFFER_ENTRIES = 50_000;
const BATCH = 256;
/** More than a database takes at once, so that the embedded store has many changes to write with one sync. */
const LANES = 64;

/**
 * The outbox over a record store, with its spool in a folder. Entries about one record are applied in their order, as
 * are all entries around one that names no record by its id; entries about different records may overtake one another
 * while the store is there.
 *
 * While the spool holds anything, everything goes there, and it is applied piece by piece. An attempt on the store
 * that was given up may still succeed later; the spool is applied only when all such attempts have ended, so that
 * none can undo what came after it.
 */
export class SpooledOutbox implements Outbox {
  private readonly targets: ReadonlyMap<string, Target>;
  private readonly checks = new SerialQueue();
  private readonly attempts: Attempts;
  private readonly retries: Retries;
  private buffer: Item[] = [];
  private inHand: readonly Item[] = [];
  /** Numbers of the entries being checked, the oldest first. */
  private readonly checking = new Set<number>();
  private readonly unkept: Unkept;
  private written = 0;
  private lost = 0;
  private rejected = 0;
  private isAway = false;
  private isStuck = false;
  private isEnded = false;
  private sending: Promise<void> | undefined;
  private replaying: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private readonly watchers = new Set<() => void>();

  private constructor(
    private readonly options: OutboxOptions,
    private readonly spool: Spool,
    private readonly rejections: RejectedLog,
    private readonly lock: FolderLock,
  ) {
    const { store, models = MODELS, clock } = options;
    this.targets = new Map(
      models.map((model): [string, Target] => [
        model.collection,
        // An entry may be about any kind of record; its fields are checked by the schema, not by the compiler.
        { checked: new CheckedModel(model), collection: store.collection(model as Model<Identified>) },
      ]),
    );
    this.retries = new Retries(clock, RETRY_MS);
    this.unkept = new Unkept(options);
    this.attempts = new Attempts(clock, ATTEMPT_MS);
  }

  /** Begins to apply the entries that a former process has left on the spool. Throws `FolderInUse`. */
  static async open(options: OutboxOptions): Promise<SpooledOutbox> {
    const { folder, clock, log } = options;
    await makeFolder(folder);
    const lock = await FolderLock.take(folder, clock);
    try {
      const spool = await Spool.open(folder);
      const outbox = new SpooledOutbox(options, spool, await RejectedLog.open(folder, options), lock);
      if (!spool.isEmpty) {
        log.info({ entries: spool.size }, 'applying what was left on the spool of records');
        outbox.isAway = true;
        outbox.replay();
      }
      return outbox;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async write(entry: Entry, deadlineMs?: number): Promise<void> {
    if (this.closing !== undefined) throw new StoreUnavailable(new Error('the outbox is closed'));
    // In turns, because entries have to keep their order while they are checked.
    const number = ++this.written;
    this.checking.add(number);
    this.unkept.add(number);
    const written = this.checks
      .run(async () => ({ done: this.take(number, await this.check(entry), deadlineMs) }))
      .finally(() => this.checking.delete(number));
    // A rejected entry is not written, so `drained` no longer waits for it.
    written.catch(() => {
      this.unkept.remove(number);
      this.notifyWatchers();
    });
    return (await written).done;
  }

  state(): OutboxState {
    return {
      spooled: this.spool.size,
      buffered: this.isStuck ? this.buffer.length + this.inHand.length : 0,
      lost: this.lost,
      rejected: this.rejected,
      oldestMs: this.unkept.oldestMs,
    };
  }

  async drained(timeoutMs: number): Promise<boolean> {
    this.retries.hurry();
    const isDrained = this.drainedOf(this.written);
    return new Promise((resolve) => {
      const end = (outcome: boolean): void => {
        stop();
        this.watchers.delete(look);
        resolve(outcome);
      };
      const look = (): void => {
        if (isDrained()) end(true);
      };
      const stop = this.options.clock.after(timeoutMs, () => end(isDrained()));
      this.watchers.add(look);
      look();
    });
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /**
   * Returns a check whether every entry up to a number is in the store. Later entries do not count: on a busy node there
   * are always some.
   */
  private drainedOf(number: number): () => boolean {
    let lastPiece: number | undefined;
    return () => {
      const [checked] = this.checking;
      const oldest = checked ?? Number.POSITIVE_INFINITY;
      const first = this.inHand[0]?.number ?? this.buffer[0]?.number ?? oldest;
      if (Math.min(first, oldest) <= number) return false;
      // None of them can still come to the spool, so they are in its present pieces.
      lastPiece ??= this.spool.lastPiece;
      return this.spool.firstPiece > lastPiece;
    };
  }

  private async check(entry: Entry): Promise<Entry> {
    const target = this.targets.get(entry.collection);
    if (target === undefined) throw new InvalidRecord(entry.collection, ['collection']);
    const filter = target.checked.filter(entry.filter);
    return { ...entry, filter, update: await target.checked.update(entry.update) };
  }

  private take(number: number, entry: Entry, deadlineMs: number | undefined): Promise<void> {
    if (this.buffer.length + this.inHand.length >= (this.options.bufferEntries ?? BUFFER_ENTRIES)) {
      this.lost += 1;
      this.unkept.remove(number);
      this.options.log.error(
        { collection: entry.collection },
        'a record was lost: the buffer of the outbox is full',
      );
      return Promise.reject(new StoreUnavailable(new Error('the buffer of the outbox is full')));
    }
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new StoreUnavailable(new Error(`not kept within ${deadlineMs} ms`)));
      const stop = deadlineMs === undefined ? undefined : this.options.clock.after(deadlineMs, late);
      const settle = <A extends unknown[]>(how: (...given: A) => void) => {
        return (...given: A): void => {
          stop?.();
          this.unkept.remove(number);
          how(...given);
        };
      };
      this.buffer.push({ number, entry, resolve: settle(resolve), reject: settle(reject) });
      this.send();
    });
  }

  /** Starts to empty the buffer, unless that is under way. */
  private send(): void {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
      // An entry may have come since the last check.
      if (this.buffer.length > 0 && !this.isStuck) this.send();
    });
  }

  private async sendAll(): Promise<void> {
    let lastAttempts = 0;
    for (let failures = 0; this.buffer.length > 0;) {
      const batch = this.buffer.splice(0, BATCH);
      this.inHand = batch;
      const left = await this.keep(batch);
      this.inHand = [];
      this.buffer = [...left, ...this.buffer];
      this.isStuck = left.length > 0;
      failures = this.isStuck ? failures + 1 : 0;
      this.notifyWatchers();
      if (!this.isStuck) continue;
      if (this.closing !== undefined && ++lastAttempts >= LAST_ATTEMPTS) return;
      await this.retries.pause(failures);
    }
  }

  /** Writes entries to the store or else to the spool; returns those that neither accepted. */
  private async keep(batch: readonly Item[]): Promise<readonly Item[]> {
    const mayGoDirectly = this.spool.isEmpty && this.attempts.areOver && (!this.isAway || this.isStuck);
    const left = mayGoDirectly ? await this.sendDirectly(batch) : batch;
    if (left.length === 0) return left;
    try {
      await this.spool.append(left.map(({ entry }) => entry));
    } catch (error) {
      if (!this.isStuck) this.options.log.error({ err: error }, 'neither store nor spool takes records');
      return left;
    }
    for (const { resolve } of left) resolve();
    this.replay();
    return [];
  }

  private async sendDirectly(batch: readonly Item[]): Promise<readonly Item[]> {
    const left = await inLanes(batch, LANES, async ({ entry, resolve, reject }) => {
      const outcome = await this.attempts.inTime(this.apply(entry, true));
      if (outcome === 'unavailable') return false;
      if (outcome === 'applied') resolve();
      else reject(outcome.domainError);
      return true;
    });
    if (left.length > 0 && !this.isAway) this.options.log.warn('the store is away; records go to the spool');
    this.isAway = left.length > 0;
    return left;
  }

  private async apply(entry: Entry, isChecked: boolean): Promise<Outcome> {
    try {
      const target = this.targets.get(entry.collection);
      if (target === undefined) throw new InvalidRecord(entry.collection, ['collection']);
      await target.collection.update(entry.filter, entry.update, { upsert: entry.upsert, isChecked });
      this.attempts.succeeded();
      return 'applied';
    } catch (error) {
      if (error instanceof StoreUnavailable) return 'unavailable';
      const isKept = await this.keepRejected(String(error), { entry });
      return isKept ? { domainError: error } : 'unavailable';
    }
  }

  /** False when the file of rejected entries cannot be written; the entry then has to be kept elsewhere. */
  private async keepRejected(...[reason, what]: Parameters<RejectedLog['keep']>): Promise<boolean> {
    if (!(await this.rejections.keep(reason, what))) return false;
    this.rejected += 1;
    this.options.log.error({ file: 'rejected.log' }, 'the store can never take a record; it was put aside');
    return true;
  }

  /** Starts to apply the spool, unless that is under way. */
  private replay(): void {
    this.isAway = true;
    if (this.closing !== undefined) return;
    this.replaying ??= this.replayAll().finally(() => {
      this.replaying = undefined;
      // An entry may have come since the last check.
      if (!this.spool.isEmpty) this.replay();
    });
  }

  private async replayAll(): Promise<void> {
    let failures = 0;
    while (!this.spool.isEmpty && this.closing === undefined) {
      const isApplied = await this.replayOldest().catch((error: unknown) => {
        this.options.log.error({ err: error }, 'the spool of records could not be read');
        return false;
      });
      failures = isApplied ? 0 : failures + 1;
      this.notifyWatchers();
      if (!isApplied && this.closing === undefined) await this.retries.pause(failures);
    }
    if (!this.spool.isEmpty) return;
    this.isAway = false;
    this.options.log.info('the spool of records was applied');
  }

  /** Whether the oldest piece was wholly applied and dropped. After a failure the piece is applied again from its start. */
  private async replayOldest(): Promise<boolean> {
    await this.attempts.over();
    const { entries, damaged } = await this.spool.oldest();
    const items = entries.map((entry) => ({ entry }));
    const left = await inLanes(
      items,
      LANES,
      // A former process, of another version perhaps, may have put it there.
      async ({ entry }) => (await this.apply(entry, false)) !== 'unavailable',
    );
    if (left.length > 0 || this.isEnded) return false;
    for (const line of damaged)
      if (!(await this.keepRejected('this line of the spool was damaged', { line }))) return false;
    await this.spool.dropOldest();
    return true;
  }

  private notifyWatchers(): void {
    for (const look of [...this.watchers]) look();
  }

  private async end(): Promise<void> {
    await this.checks.settled();
    this.retries.finish();
    while (this.sending !== undefined) await this.sending;
    // A buffer that neither store nor disk accepted in these last attempts is lost with the process.
    for (const { reject } of this.buffer) reject(new StoreUnavailable(new Error('the outbox was closed')));
    this.lost += this.buffer.length;
    if (this.buffer.length > 0)
      this.options.log.error({ entries: this.buffer.length }, 'records were lost at the end');
    this.buffer = [];
    // Entries stay on the spool until they are applied; an attempt that hangs must not delay the end.
    const { clock } = this.options;
    await Promise.race([this.replaying, new Promise<void>((resolve) => clock.after(ATTEMPT_MS, resolve))]);
    this.isEnded = true;
    this.unkept.close();
    await this.spool.close();
    await this.rejections.close();
    this.notifyWatchers();
    await this.lock.release();
  }
}
