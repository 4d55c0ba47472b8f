import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';
import type { LoopTurns } from '../files/loop-turns';
import { SerialQueue } from '../files/serial-queue';
import { CheckedModel } from '../store/checked-model';
import { expiryOf } from '../store/indexes';
import {
  DuplicateRecord,
  StoreUnavailable,
  type AnyModel,
  type Collection,
  type Filter,
  type Identified,
  type Page,
  type Update,
  type UpdateOptions,
} from '../store/record-store';
import { Engine } from './engine';
import { LogRewriter } from './log-rewriter';
import { RecordLog, type Change } from './record-log';
import { UniqueIndexes } from './unique-indexes';

export interface CollectionOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** All collections of a store share the turns of the event loop in which they work. */
  readonly turns: LoopTurns;
}

type Apply = (id: string, before: Identified | null, after: Identified | null) => Promise<void>;

/** A log is rewritten when it is larger than this and has several lines for each record. */
const REWRITE_BYTES = 1 << 20;
const LINES_A_RECORD = 4;
/** Records handled before other tasks get their turn. */
const SLICE = 200;

/** Whether an update removes something from records, for instance a user's lines from a call's chat. */
const takesOut = ({ $pull, $unset }: Update): boolean => $pull !== undefined || $unset !== undefined;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * One kind of record in memory and in a log. Writes take turns: each works on the result of those before it, changes
 * memory, and is acknowledged when it is in the log on disk. A write that changes nothing is acknowledged when the state
 * it has seen is on disk. Reads see unacknowledged writes, as with MongoDB's read concern `local`. They do not see
 * records past their end.
 */
export class EmbeddedCollection<R extends Identified> implements Collection<R> {
  private readonly turns: SerialQueue;
  private readonly checked: CheckedModel<R>;
  private readonly unique: UniqueIndexes;
  private readonly expiry: ReturnType<typeof expiryOf>;
  private isClosed = false;
  private size: number;
  private readonly rewriter: LogRewriter;

  private constructor(
    private readonly model: AnyModel,
    private readonly options: CollectionOptions,
    private readonly engine: Engine,
    private readonly file: RecordLog,
    private lines: number,
  ) {
    this.turns = new SerialQueue(options.turns);
    this.checked = new CheckedModel(model);
    this.expiry = expiryOf(model);
    this.unique = new UniqueIndexes(model);
    const records = engine.all();
    for (const record of records) this.unique.add(record);
    this.size = records.length;
    this.rewriter = new LogRewriter({
      ...options,
      collection: model.collection,
      rewrite: () => this.rewrite(),
      isMostlyDead: () => file.bytes > REWRITE_BYTES && this.lines > LINES_A_RECORD * this.size,
      hasDeadLines: lines > records.length,
    });
    file.undoWith((changes) => this.turns.run(() => this.revert(changes)));
  }

  /** Throws `DamagedLog`. */
  static async open<R extends Identified>(
    model: AnyModel,
    options: CollectionOptions,
  ): Promise<EmbeddedCollection<R>> {
    const records = new Map<string, Identified>();
    let lines = 0;
    const { folder } = options;
    const file = await RecordLog.open({ folder, collection: model.collection }, (id, record) => {
      lines += 1;
      if (record === null) records.delete(id);
      else records.set(id, record);
    });
    const engine = await Engine.of(model, [...records.values()]);
    return new EmbeddedCollection(model, options, engine, file, lines);
  }

  get isWorking(): boolean {
    return this.file.isWorking;
  }

  insert(record: Identified & Partial<R>): Promise<R> {
    return this.write(async (apply) => this.insertion(await this.checked.record(record), apply));
  }

  async get(id: string): Promise<R | null> {
    return this.findOne({ _id: id });
  }

  async findOne(filter: Filter, page: Pick<Page, 'sort'> = {}): Promise<R | null> {
    const [found] = await this.find(filter, { ...page, limit: 1 });
    return found ?? null;
  }

  async find(filter: Filter, page: Page = {}): Promise<R[]> {
    this.mustBeOpen();
    return this.typed(await this.engine.find(this.current(this.checked.filter(filter)), page));
  }

  async count(filter: Filter): Promise<number> {
    this.mustBeOpen();
    return this.engine.count(this.current(this.checked.filter(filter)));
  }

  update(
    filter: Filter,
    update: Update,
    { upsert = false, isChecked = false }: UpdateOptions = {},
  ): Promise<R | null> {
    return this.write(async (apply) => {
      const checkedFilter = isChecked ? filter : this.checked.filter(filter);
      const change = isChecked ? update : await this.checked.update(update);
      const [before] = await this.engine.find(this.current(checkedFilter), { limit: 1 });
      if (before === undefined)
        return upsert ? this.insertion(await this.checked.upserted(checkedFilter, change), apply) : null;
      const after = await this.engine.changed(before, change);
      await this.makeRoom(after, apply);
      await apply(before._id, before, after);
      return this.typed([after])[0] ?? null;
    }, takesOut(update));
  }

  updateMany(filter: Filter, update: Update): Promise<number> {
    return this.write(async (apply) => {
      const change = await this.checked.update(update);
      const found = await this.engine.find(this.current(this.checked.filter(filter)));
      for (const [at, before] of found.entries()) {
        if (at % SLICE === SLICE - 1) await breathe();
        const after = await this.engine.changed(before, change);
        await this.makeRoom(after, apply);
        await apply(before._id, before, after);
      }
      return found.length;
    }, takesOut(update));
  }

  delete(filter: Filter): Promise<number> {
    return this.write((apply) => this.deletion(this.checked.filter(filter), apply));
  }

  /** Deletes records past their end, and makes sure that deleted data does not stay on disk for long. */
  async sweep(): Promise<void> {
    if (this.expiry !== undefined) await this.deleteEnded();
    if (!this.isClosed) this.rewriter.look();
  }

  private async deleteEnded(): Promise<void> {
    const ended: string[] = [];
    for (const [at, record] of this.engine.all().entries()) {
      if (at % (10 * SLICE) === 0) await breathe();
      if (this.isEnded(record)) ended.push(record._id);
    }
    for (let at = 0; at < ended.length && !this.isClosed; at += SLICE) {
      const ids = ended.slice(at, at + SLICE);
      // Checked again in its turn: the end of a record may have been moved meanwhile.
      await this.write((apply) =>
        this.deletion({ _id: { $in: ids } }, apply, (record) => this.isEnded(record)),
      );
      await breathe();
    }
  }

  /** Checks whether the disk accepts writes again. */
  async probe(): Promise<void> {
    if (!this.isClosed) await this.file.probe();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.turns.settled();
    await this.file.settled();
    // Writers that wait for the file resume now and report which lines have died.
    await breathe();
    await this.rewriter.close();
    await this.file.close();
  }

  private async insertion(record: R & Record<string, unknown>, apply: Apply): Promise<R> {
    await this.makeRoom(record, apply);
    const [same] = await this.engine.find({ _id: record._id });
    if (same !== undefined && !this.isEnded(same)) throw new DuplicateRecord(this.model.collection);
    await apply(record._id, same ?? null, record);
    return record;
  }

  private async deletion(
    filter: Filter,
    apply: Apply,
    isMeant: (record: Identified) => boolean = () => true,
  ): Promise<number> {
    const found = (await this.engine.find(filter)).filter(isMeant);
    for (const [at, record] of found.entries()) {
      if (at % SLICE === SLICE - 1) await breathe();
      await apply(record._id, record, null);
    }
    return found.length;
  }

  /** Deletes records past their end that have the same unique fields; others stay. */
  private async makeRoom(record: Identified, apply: Apply): Promise<void> {
    for (const id of this.unique.inTheWayOf(record)) {
      const [other] = await this.engine.find({ _id: id });
      if (other === undefined) continue;
      if (!this.isEnded(other)) throw new DuplicateRecord(this.model.collection);
      await apply(id, other, null);
    }
  }

  /**
   * One write in its turn: `work` changes memory with `apply`; then the log gets the changes. With `isRemoval`, the former
   * content of changed records has to be gone from disk soon, as that of deleted ones has.
   */
  private async write<T>(work: (apply: Apply) => Promise<T>, isRemoval = false): Promise<T> {
    const changes: Change[] = [];
    const { outcome, kept } = await this.turns.run(async () => {
      this.mustBeOpen();
      const done = await this.attempt(work, changes);
      if (!this.file.isSettled) {
        await this.revert(changes.reverse());
        throw new StoreUnavailable(new Error('an earlier write failed'));
      }
      // Awaited outside the turn, so that the next write can share the sync.
      return { outcome: done, kept: this.file.append(changes) };
    });
    try {
      await kept;
    } catch (error) {
      throw new StoreUnavailable(error);
    }
    const died = changes.filter(({ before }) => before !== null);
    if (died.length > 0) this.rewriter.died(isRemoval || died.some(({ after }) => after === null));
    if ('error' in outcome) throw outcome.error;
    return outcome.answer;
  }

  /** A write that memory rejects is undone at once, but its error is thrown only when the memory it saw is on disk. */
  private async attempt<T>(
    work: (apply: Apply) => Promise<T>,
    changes: Change[],
  ): Promise<{ answer: T } | { error: unknown }> {
    const apply: Apply = async (id, before, after) => {
      await this.put(id, before, after);
      changes.push({ id, before, after });
    };
    try {
      return { answer: await work(apply) };
    } catch (error) {
      await this.revert(changes.splice(0).reverse());
      return { error };
    }
  }

  private async put(id: string, before: Identified | null, after: Identified | null): Promise<void> {
    await this.engine.put(id, after);
    if (before !== null) this.unique.remove(before);
    if (after !== null) this.unique.add(after);
    this.size += (after === null ? 0 : 1) - (before === null ? 0 : 1);
    this.lines += 1;
  }

  /** Takes back changes, given newest first. */
  private async revert(changes: readonly Change[]): Promise<void> {
    for (const { id, before, after } of changes) await this.put(id, after, before);
  }

  private async rewrite(): Promise<number> {
    // Started in a turn, so that memory is not in the middle of a change. The rest goes on outside the turn.
    const { done } = await this.turns.run(() => {
      if (!this.file.isSettled) throw new Error('changes are being taken back');
      const lines = this.lines;
      const rewritten = this.file.rewrite(this.engine.all()).then(() => (this.lines += this.size - lines));
      return Promise.resolve({ done: rewritten });
    });
    await done;
    return this.file.bytes;
  }

  private isEnded(record: Identified): boolean {
    if (this.expiry === undefined) return false;
    const end: unknown = (record as Identified & Record<string, unknown>)[this.expiry.field];
    return end instanceof Date && end.getTime() + this.expiry.afterMs <= this.options.clock.now();
  }

  /** A filter that leaves out records past their end. */
  private current(filter: Filter): Filter {
    if (this.expiry === undefined) return filter;
    const { field, afterMs } = this.expiry;
    const alive = {
      $or: [{ [field]: null }, { [field]: { $gt: new Date(this.options.clock.now() - afterMs) } }],
    };
    return {
      ...filter,
      $and: [...(Array.isArray(filter['$and']) ? (filter['$and'] as unknown[]) : []), alive],
    };
  }

  /** Records in memory were checked against the schema, here or by the process that logged them. */
  private typed(records: readonly Identified[]): R[] {
    return records as R[];
  }

  private mustBeOpen(): void {
    if (this.isClosed) throw new StoreUnavailable(new Error('the store is closed'));
  }
}
