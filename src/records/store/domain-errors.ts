import { DomainError } from '../../domain/error';
import { StoreUnavailable, type Collection, type Identified } from './record-store';

/** When a client may try again. */
const RETRY_MS = 2_000;

export const unavailable = (): DomainError =>
  new DomainError('records_unavailable', 'the records cannot be reached right now', RETRY_MS);

/**
 * The same collection for use cases. They do not know about stores, so an unavailable store becomes a `DomainError`.
 */
export function withDomainErrors<R extends Identified>(collection: Collection<R>): Collection<R> {
  return {
    insert: (record) => mapped(collection.insert(record)),
    get: (id) => mapped(collection.get(id)),
    findOne: (filter, page) => mapped(collection.findOne(filter, page)),
    find: (filter, page) => mapped(collection.find(filter, page)),
    count: (filter) => mapped(collection.count(filter)),
    update: (filter, update, options) => mapped(collection.update(filter, update, options)),
    updateMany: (filter, update) => mapped(collection.updateMany(filter, update)),
    delete: (filter) => mapped(collection.delete(filter)),
  };
}

async function mapped<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw error instanceof StoreUnavailable ? unavailable() : error;
  }
}
