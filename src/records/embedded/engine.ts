import Datastore from '@seald-io/nedb';
import type { Schema } from 'mongoose';
import { indexesOf } from '../store/indexes';
import { isOperators, isPlainObject } from '../store/language';
import {
  InvalidRecord,
  type Filter,
  type AnyModel,
  type Identified,
  type Page,
  type Update,
} from '../store/record-store';
import { toElementFilter, toNedbFilter } from './nedb-filter';

type Fields = Record<string, unknown> & Identified;

/**
 * The records of one collection in memory, and MongoDB's language over them: nedb without its files. Its own
 * persistence does not serve: it appends without ever calling fsync, it changes its memory before it appends and
 * leaves it changed when the append fails, and it skips lines it cannot read as long as they are few
 * (`lib/persistence.js`, `lib/datastore.js` of 4.1.2).
 *
 * nedb keeps an index for each single field; it serves equality, `$in` and ranges on that field. Boolean fields get no
 * index: the time to change a record grows with the number of records that share its value.
 */
export class Engine {
  private readonly records = new Datastore<Fields>();
  private readonly ranks = new Map<string, number>([['_id', 3]]);

  private constructor(private readonly model: AnyModel) {}

  static async of(model: AnyModel, records: readonly Identified[]): Promise<Engine> {
    const engine = new Engine(model);
    for (const { fields, unique, expireAfterSeconds } of indexesOf(model)) {
      const [field] = fields;
      const type = field === undefined ? undefined : (model.schema as Schema).path(field);
      if (field === undefined || type?.instance === 'Boolean' || expireAfterSeconds !== undefined) continue;
      const isEnumerated = Array.isArray(type?.options.enum);
      engine.ranks.set(field, unique && fields.length === 1 ? 2 : isEnumerated ? 0 : 1);
      await engine.records.ensureIndexAsync({ fieldName: field });
    }
    for (let at = 0; at < records.length; at += 1000)
      await engine.records.insertAsync(records.slice(at, at + 1000) as Fields[]);
    return engine;
  }

  /** Every record, as it is in memory: do not change them. */
  all(): readonly Fields[] {
    return this.records.getAllData();
  }

  async find(filter: Filter, { sort, skip, limit }: Page = {}): Promise<Fields[]> {
    let cursor = this.records.findAsync<Fields>(this.query(filter));
    if (sort !== undefined) cursor = cursor.sort(sort);
    if (skip !== undefined) cursor = cursor.skip(skip);
    if (limit !== undefined) cursor = cursor.limit(limit);
    return cursor;
  }

  async count(filter: Filter): Promise<number> {
    return this.records.countAsync(this.query(filter));
  }

  /** A record as an update would make it. Changes nothing. Throws `InvalidRecord` when an operator does not fit. */
  async changed(record: Fields, update: Update): Promise<Fields> {
    const aside = new Datastore<Fields>();
    await aside.insertAsync(record);
    const { $pull, ...others } = { ...update, $setOnInsert: undefined };
    delete others.$setOnInsert;
    const pull = Object.entries($pull ?? {}).map(([path, value]) => [path, pulled(value)]);
    const modifiers = {
      ...others,
      ...(pull.length > 0 ? { $pull: Object.fromEntries(pull) as unknown } : {}),
    };
    if (Object.keys(modifiers).length === 0) return record;
    try {
      const { affectedDocuments } = await aside.updateAsync<Fields, { returnUpdatedDocs: true }>(
        { _id: record._id },
        modifiers,
        { returnUpdatedDocs: true },
      );
      return affectedDocuments ?? record;
    } catch {
      const paths = Object.values(modifiers).flatMap((fields) => Object.keys(fields as object));
      throw new InvalidRecord(this.model.collection, paths);
    }
  }

  /** Stores a record under its id, in place of an earlier one; null: removes it. */
  async put(id: string, record: Identified | null): Promise<void> {
    if (record === null) await this.records.removeAsync({ _id: id }, {});
    else await this.records.updateAsync({ _id: id }, record, { upsert: true });
  }

  private query(filter: Filter): Filter {
    return toNedbFilter(filter, (path) => this.ranks.get(path) ?? 1);
  }
}

/** What `$pull` takes out: values as they are, conditions in nedb's dialect. */
const pulled = (value: unknown): unknown =>
  isPlainObject(value) ? (isOperators(value) ? toElementFilter(value) : toNedbFilter(value)) : value;
