import { DomainError } from '../../domain/error';
import { StoreUnavailable, type Collection, type Identified } from './record-store';

/** When it is worth asking again. */
const RETRY_MS = 2_000;

export const unavailable = (): DomainError =>
  new DomainError('records_unavailable', 'the records cannot be reached right now', RETRY_MS);

/**
 * The same collection for use cases: what they cannot know about, a store that is away, is told in the one language
 * of refusals.
 */
export function refusing<R extends Identified>(collection: Collection<R>): Collection<R> {
  return {
    insert: (record) => told(collection.insert(record)),
    get: (id) => told(collection.get(id)),
    findOne: (filter, page) => told(collection.findOne(filter, page)),
    find: (filter, page) => told(collection.find(filter, page)),
    count: (filter) => told(collection.count(filter)),
    update: (filter, update, options) => told(collection.update(filter, update, options)),
    updateMany: (filter, update) => told(collection.updateMany(filter, update)),
    delete: (filter) => told(collection.delete(filter)),
  };
}

async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof StoreUnavailable ? unavailable() : error;
  }
}
