import { DomainError } from '../../domain/error';
import { StoreUnavailable, type Collection, type Identified } from './record-store';

/** When a client may try again. */
const RETRY_MS = 2_000;

export const unavailable = (): DomainError =>
  new DomainError('records_unavailable', 'the records cannot be reached right now', RETRY_MS);

/**
 * The same collection for use cases. They do not know about stores, so an unavailable store becomes a `DomainError`.
 */
export function refusing<R extends Identified>(collection: Collection<R>): Collection<R> {
  return {
    insert: (record) => withDomainErrors(collection.insert(record)),
    get: (id) => withDomainErrors(collection.get(id)),
    findOne: (filter, page) => withDomainErrors(collection.findOne(filter, page)),
    find: (filter, page) => withDomainErrors(collection.find(filter, page)),
    count: (filter) => withDomainErrors(collection.count(filter)),
    update: (filter, update, options) => withDomainErrors(collection.update(filter, update, options)),
    updateMany: (filter, update) => withDomainErrors(collection.updateMany(filter, update)),
    delete: (filter) => withDomainErrors(collection.delete(filter)),
  };
}

async function withDomainErrors<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw error instanceof StoreUnavailable ? unavailable() : error;
  }
}
