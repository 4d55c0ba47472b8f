import { mongo } from 'mongoose';
import type { Clock } from '../../app/ports/clock';
import { CheckedModel } from '../store/checked-model';
import { indexesOf } from '../store/indexes';
import {
  DuplicateRecord,
  InvalidRecord,
  StoreUnavailable,
  type AnyModel,
  type Collection,
  type Filter,
  type Identified,
  type MissingIndex,
  type Page,
  type Update,
  type UpdateOptions,
} from '../store/record-store';
import { repeatAborted } from './aborted-writes';
import { failureOf } from './failures';
import { Lifetimes } from './lifetimes';
import type { MongoConnection } from './mongo-connection';

type Fields = Record<string, unknown> & Identified;
type Native = mongo.Collection<Fields>;

/** The code of an error of the server about a collection that there is not. */
const NO_SUCH_COLLECTION = 26;

/**
 * One kind of record in MongoDB. Values are checked and cast against the schema first, so the driver gets them as they
 * are. Records past their end are not returned, although the server deletes them only some time later.
 */
export class MongoCollection<R extends Identified> implements Collection<R> {
  private readonly checked: CheckedModel<R>;
  private readonly lifetimes: Lifetimes;

  constructor(
    private readonly model: AnyModel,
    private readonly connection: MongoConnection,
    private readonly clock: Clock,
  ) {
    this.checked = new CheckedModel(model);
    this.lifetimes = new Lifetimes(model);
  }

  async insert(record: Identified & Partial<R>): Promise<R> {
    const whole = await this.checked.record(record);
    await this.insertWhole(whole);
    return whole;
  }

  get(id: string): Promise<R | null> {
    return this.findOne({ _id: id });
  }

  async findOne(filter: Filter, page: Pick<Page, 'sort'> = {}): Promise<R | null> {
    const [found] = await this.find(filter, { ...page, limit: 1 });
    return found ?? null;
  }

  async find(filter: Filter, { sort, skip = 0, limit = 0 }: Page = {}): Promise<R[]> {
    const checkedFilter = this.current(this.checked.filter(filter));
    const found = await this.ask((native) => {
      const cursor = native.find(checkedFilter).skip(skip).limit(limit);
      return (sort === undefined ? cursor : cursor.sort(sort)).toArray();
    });
    return found.map((record) => this.typed(record));
  }

  async count(filter: Filter): Promise<number> {
    const checkedFilter = this.current(this.checked.filter(filter));
    return this.ask((native) => native.countDocuments(checkedFilter));
  }

  async update(
    filter: Filter,
    update: Update,
    { upsert = false, isChecked = false }: UpdateOptions = {},
  ): Promise<R | null> {
    const checkedFilter = isChecked ? filter : this.checked.filter(filter);
    const change = isChecked ? update : await this.checked.update(update);
    const changed = await this.changeOne(checkedFilter, change);
    if (changed !== null || !upsert) return changed;
    const record = await this.checked.upserted(checkedFilter, change);
    try {
      await this.insertWhole(record);
      return record;
    } catch (error) {
      if (!(error instanceof DuplicateRecord)) throw error;
      // Another writer made the record between the two steps, so it can be changed now. If not, it is a real duplicate.
      const late = await this.changeOne(checkedFilter, change);
      if (late === null) throw error;
      return late;
    }
  }

  async updateMany(filter: Filter, update: Update): Promise<number> {
    const checkedFilter = this.current(this.checked.filter(filter));
    const modifiers = modifiersOf(await this.checked.update(update));
    if (Object.keys(modifiers).length === 0) return this.count(filter);
    const { matchedCount } = await this.ask(
      (native) => native.updateMany(checkedFilter, modifiers),
      pathsOf(modifiers),
    );
    return matchedCount;
  }

  async delete(filter: Filter): Promise<number> {
    const checkedFilter = this.checked.filter(filter);
    const { deletedCount } = await this.ask((native) => native.deleteMany(checkedFilter));
    return deletedCount;
  }

  /** An index counts as there only with the options that the schema declares. */
  async missingIndexes(): Promise<MissingIndex[]> {
    const declared = indexesOf(this.model);
    const there = await this.ask((native) => native.indexes().catch(noneWithoutCollection));
    const present = new Set(there.map((index) => shapeOf(index.key, index)));
    return declared
      .filter(({ keys, ...options }) => !present.has(shapeOf(keys, options)))
      .map(({ keys }) => ({ collection: this.model.collection, keys }));
  }

  async ensureIndexes(): Promise<void> {
    const indexes = indexesOf(this.model).map(({ keys, unique, partial, expireAfterSeconds }) => ({
      key: { ...keys },
      ...(unique ? { unique } : {}),
      ...(partial === undefined ? {} : { partialFilterExpression: partial }),
      ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    }));
    if (indexes.length > 0) await this.ask((native) => native.createIndexes(indexes));
  }

  private async changeOne(filter: Filter, update: Update): Promise<R | null> {
    const checkedFilter = this.current(filter);
    const modifiers = modifiersOf(update);
    const changed = await this.ask(
      (native) =>
        Object.keys(modifiers).length === 0
          ? native.findOne(checkedFilter)
          : native.findOneAndUpdate(checkedFilter, modifiers, { returnDocument: 'after' }),
      pathsOf(modifiers),
    );
    return changed === null ? null : this.typed(changed);
  }

  /** Records past their end that have the same unique fields are deleted first. */
  private async insertWhole(record: Fields): Promise<void> {
    const insert = (native: Native) => native.insertOne(record);
    try {
      await this.ask(insert, ['_id']);
    } catch (error) {
      const ended = this.lifetimes.ended(this.clock.now());
      if (!(error instanceof DuplicateRecord) || ended === undefined) throw error;
      const { deletedCount } = await this.ask((native) => native.deleteMany(ended));
      if (deletedCount === 0) throw error;
      await this.ask(insert, ['_id']);
    }
  }

  private current(filter: Filter): Filter {
    return this.lifetimes.current(filter, this.clock.now());
  }

  /** Runs a request, updates the health of the connection, and turns errors into those of the port. */
  private async ask<T>(request: (native: Native) => Promise<T>, paths: readonly string[] = []): Promise<T> {
    try {
      const answer = await repeatAborted(() =>
        request(this.connection.collection<Fields>(this.model.collection)),
      );
      this.connection.now('up');
      return answer;
    } catch (error) {
      const failure = failureOf(error, this.model.collection, paths);
      const isAnswer = failure instanceof DuplicateRecord || failure instanceof InvalidRecord;
      if (isAnswer) this.connection.now('up');
      if (failure instanceof StoreUnavailable) this.connection.now('down');
      throw failure;
    }
  }

  /** Records in the collection were checked against the schema when they were written. */
  private typed(record: Identified): R {
    return record as R;
  }
}

/** An update without `$setOnInsert`, which only an upsert uses. The record of an upsert is made in `update`. */
function modifiersOf(update: Update): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(update as Record<string, Record<string, unknown>>).filter(
      ([operator, fields]) => operator !== '$setOnInsert' && Object.keys(fields).length > 0,
    ),
  );
}

const pathsOf = (modifiers: Record<string, Record<string, unknown>>): string[] =>
  Object.values(modifiers).flatMap((fields) => Object.keys(fields));

/** A collection is made with its first record or index. */
function noneWithoutCollection(error: unknown): [] {
  if (error instanceof mongo.MongoServerError && error.code === NO_SUCH_COLLECTION) return [];
  throw error;
}

/** What two indexes have to have in common to be the same. Their order of keys counts. */
const shapeOf = (
  keys: object,
  { unique, expireAfterSeconds }: { readonly unique?: boolean; readonly expireAfterSeconds?: number },
): string => JSON.stringify([Object.entries(keys), unique === true, expireAfterSeconds ?? null]);
