import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';
import { makeFolder } from '../../disk/folders';
import { FolderLock } from '../files/folder-lock';
import { LoopTurns } from '../files/loop-turns';
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
import { EmbeddedCollection } from './embedded-collection';

export interface EmbeddedStoreOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Kinds of record to keep; all by default. */
  readonly models?: readonly AnyModel[];
}

/** How often records past their end are deleted, and how often a disk that failed a write is tried again. */
const SWEEP_MS = 60_000;
const PROBE_MS = 5_000;

/** Records in a folder: everything in memory, every change in a log on disk before it is acknowledged. */
export class EmbeddedStore implements RecordStore {
  private readonly stops: (() => void)[];
  private closing: Promise<void> | undefined;
  private sweeping: Promise<void> | undefined;

  private constructor(
    private readonly collections: ReadonlyMap<string, EmbeddedCollection<Identified>>,
    private readonly lock: FolderLock,
    private readonly options: EmbeddedStoreOptions,
  ) {
    const { clock } = options;
    this.stops = [
      clock.every(SWEEP_MS, () => void this.sweep()),
      clock.every(PROBE_MS, () => void this.probe()),
    ];
  }

  /** Throws `FolderInUse` and `DamagedLog`, both with a message for the operator. */
  static async open(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
    const { folder, clock, models = MODELS } = options;
    await makeFolder(folder);
    const lock = await FolderLock.take(folder, clock);
    const collections = new Map<string, EmbeddedCollection<Identified>>();
    const turns = new LoopTurns();
    try {
      for (const model of models)
        collections.set(model.collection, await EmbeddedCollection.open(model, { ...options, turns }));
    } catch (error) {
      for (const collection of collections.values()) await collection.close();
      await lock.release();
      throw error;
    }
    const store = new EmbeddedStore(collections, lock, options);
    await store.sweep();
    return store;
  }

  collection<R extends Identified>(model: Model<R>): Collection<R> {
    const found = this.collections.get(model.collection);
    if (found === undefined) throw new Error(`this store was opened without ${model.collection}`);
    // The map has it under the model's collection, so it holds this kind of record.
    return found as unknown as Collection<R>;
  }

  health(): StoreHealth {
    const isUp = [...this.collections.values()].every((collection) => collection.isWorking);
    return isUp && this.closing === undefined ? 'up' : 'down';
  }

  missingIndexes(): Promise<MissingIndex[]> {
    return Promise.resolve([]);
  }

  /** Indexes are made of the schemas whenever the store is opened. */
  ensureIndexes(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    for (const stop of this.stops) stop();
    await this.sweeping;
    for (const collection of this.collections.values()) await collection.close();
    await this.lock.release();
  }

  private sweep(): Promise<void> {
    this.sweeping ??= this.sweepAll().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  private async sweepAll(): Promise<void> {
    for (const [collection, records] of this.collections) {
      await records.sweep().catch((error: unknown) => {
        this.options.log.warn({ err: error, collection }, 'could not delete records past their end');
      });
    }
  }

  private async probe(): Promise<void> {
    for (const collection of this.collections.values()) await collection.probe();
  }
}
