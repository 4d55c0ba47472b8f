import type { Schema } from 'mongoose';

/** What every record has: an id of our own making, a string. */
export interface Identified {
  readonly _id: string;
}

/** A kind of record: its collection's name and the schema that says everything about its fields and indexes. */
export interface Model<R extends Identified> {
  readonly name: string;
  readonly collection: string;
  readonly schema: Schema<R>;
}

/** A kind of record where it does not matter which: a `Model` of any record fits. */
export interface AnyModel {
  readonly name: string;
  readonly collection: string;
  /** A mongoose schema. */
  readonly schema: unknown;
}

/**
 * Filters and updates in the part of MongoDB's language that both stores have:
 * `$eq $ne $in $nin $gt $gte $lt $lte $exists $or $and $elemMatch` with dotted paths, and
 * `$set $unset $inc $min $max $push (with $each, $slice) $addToSet $pull`.
 */
export type Filter = Readonly<Record<string, unknown>>;
export interface Update {
  readonly $set?: Readonly<Record<string, unknown>>;
  readonly $unset?: Readonly<Record<string, true>>;
  readonly $inc?: Readonly<Record<string, number>>;
  readonly $min?: Readonly<Record<string, unknown>>;
  readonly $max?: Readonly<Record<string, unknown>>;
  readonly $push?: Readonly<Record<string, unknown>>;
  readonly $addToSet?: Readonly<Record<string, unknown>>;
  readonly $pull?: Readonly<Record<string, unknown>>;
  /** Fields an upsert sets on a record that it makes; the schema's defaults fill in the rest. */
  readonly $setOnInsert?: Readonly<Record<string, unknown>>;
}

export interface Page {
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly skip?: number;
  readonly limit?: number;
}

export interface UpdateOptions {
  readonly upsert?: boolean;
  /** Filter and update come from `CheckedModel` in this process, so they are not checked once more. */
  readonly isChecked?: boolean;
}

/**
 * The records of one kind. Every method is atomic for each single record, and none returns before what it did
 * would be found again after a SIGKILL of this process.
 *
 * Throws `DuplicateRecord` when a unique index forbids it, `InvalidRecord` when the schema does, and
 * `StoreUnavailable` when the store cannot be reached or cannot write; the outcome of a write is then unknown.
 */
export interface Collection<R extends Identified> {
  insert(record: Identified & Partial<R>): Promise<R>;
  get(id: string): Promise<R | null>;
  findOne(filter: Filter, page?: Pick<Page, 'sort'>): Promise<R | null>;
  find(filter: Filter, page?: Page): Promise<R[]>;
  count(filter: Filter): Promise<number>;
  /** Changes the first record that fits and answers with it as it is afterwards; null when none fits. */
  update(filter: Filter, update: Update, options?: UpdateOptions): Promise<R | null>;
  /** Changes all that fit and answers with how many these were. */
  updateMany(filter: Filter, update: Update): Promise<number>;
  /** Deletes all that fit and answers with how many these were. */
  delete(filter: Filter): Promise<number>;
}

export type StoreHealth = 'up' | 'down';

/** An index that a schema declares and the store does not have, or has with other options. */
export interface MissingIndex {
  readonly collection: string;
  readonly keys: Readonly<Record<string, 1 | -1>>;
}

/** Where records are kept: a folder on disk, or MongoDB. */
export interface RecordStore {
  collection<R extends Identified>(model: Model<R>): Collection<R>;
  /** The result of the last attempts to reach it. */
  health(): StoreHealth;
  /** The indexes that `ensureIndexes` would make. Changes nothing. */
  missingIndexes(): Promise<MissingIndex[]>;
  /** Makes the indexes that are missing. Safe to repeat. */
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}

export class DuplicateRecord extends Error {
  constructor(readonly collection: string) {
    super(`a record of ${collection} with these unique fields exists already`);
    this.name = 'DuplicateRecord';
  }
}

export class InvalidRecord extends Error {
  constructor(
    readonly collection: string,
    /** Paths of the fields at fault; never their values. */
    readonly paths: readonly string[],
  ) {
    super(`a record of ${collection} does not fit its schema: ${paths.join(', ')}`);
    this.name = 'InvalidRecord';
  }
}

export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the records cannot be reached', { cause });
    this.name = 'StoreUnavailable';
  }
}
