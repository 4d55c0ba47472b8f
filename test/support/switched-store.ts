import {
  StoreUnavailable,
  type Collection,
  type Identified,
  type MissingIndex,
  type Model,
  type RecordStore,
  type StoreHealth,
} from '../../src/records/store/record-store';

/** A record store that can be switched off, as if it could not be reached. */
export class SwitchedStore implements RecordStore {
  isAway = false;

  constructor(private readonly inner: RecordStore) {}

  collection<R extends Identified>(model: Model<R>): Collection<R> {
    const inner = this.inner.collection(model);
    const reached = <T>(ask: () => Promise<T>): Promise<T> =>
      this.isAway
        ? Promise.reject(new StoreUnavailable(new Error('connect ECONNREFUSED 198.51.100.23:27017')))
        : ask();
    return {
      insert: (record) => reached(() => inner.insert(record)),
      get: (id) => reached(() => inner.get(id)),
      findOne: (filter, page) => reached(() => inner.findOne(filter, page)),
      find: (filter, page) => reached(() => inner.find(filter, page)),
      count: (filter) => reached(() => inner.count(filter)),
      update: (filter, update, options) => reached(() => inner.update(filter, update, options)),
      updateMany: (filter, update) => reached(() => inner.updateMany(filter, update)),
      delete: (filter) => reached(() => inner.delete(filter)),
    };
  }

  health(): StoreHealth {
    return this.isAway ? 'down' : this.inner.health();
  }

  missingIndexes(): Promise<MissingIndex[]> {
    return this.inner.missingIndexes();
  }

  ensureIndexes(): Promise<void> {
    return this.inner.ensureIndexes();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
