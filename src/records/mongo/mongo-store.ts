import { MODELS } from '../models';
import type {
  AnyModel,
  Collection,
  Identified,
  MissingIndex,
  Model,
  RecordStore,
  StoreHealth,
} from '../store/record-store';
import { MongoCollection } from './mongo-collection';
import { MongoConnection, type ConnectionOptions } from './mongo-connection';

export interface MongoStoreOptions extends ConnectionOptions {
  /** Kinds of record whose indexes are made when the server is reached; all by default. */
  readonly models?: readonly AnyModel[];
  /** False: indexes are made only by `ensureIndexes`. */
  readonly makesIndexes?: boolean;
}

/** Records in MongoDB. Made without waiting for the server; until it is reached, requests are unavailable. */
export class MongoStore implements RecordStore {
  private readonly connection: MongoConnection;
  private readonly collections: ReadonlyMap<string, MongoCollection<Identified>>;

  constructor(options: MongoStoreOptions) {
    const prepare = () => (options.makesIndexes === false ? Promise.resolve() : this.ensureIndexes());
    this.connection = new MongoConnection(options, prepare);
    this.collections = new Map(
      (options.models ?? MODELS).map((model: AnyModel): [string, MongoCollection<Identified>] => [
        model.collection,
        new MongoCollection(model, this.connection, options.clock),
      ]),
    );
  }

  collection<R extends Identified>(model: Model<R>): Collection<R> {
    const found = this.collections.get(model.collection);
    if (found === undefined) throw new Error(`this store was made without ${model.collection}`);
    // The map has it under the model's collection, so it holds this kind of record.
    return found as unknown as Collection<R>;
  }

  health(): StoreHealth {
    return this.connection.health;
  }

  async missingIndexes(): Promise<MissingIndex[]> {
    const missing: MissingIndex[] = [];
    for (const collection of this.collections.values()) missing.push(...(await collection.missingIndexes()));
    return missing;
  }

  async ensureIndexes(): Promise<void> {
    for (const collection of this.collections.values()) await collection.ensureIndexes();
  }

  /** Resolves when the server was reached, or a first attempt has failed; for processes that need it at once. */
  async reached(): Promise<StoreHealth> {
    await this.connection.probe();
    return this.connection.health;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
