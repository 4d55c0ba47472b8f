import { NoAnswer, type AnswerLimit } from '../../app/ports/answer-limit';
import { DomainError } from '../../domain/error';
import { StoreUnavailable, type Collection, type Identified } from './record-store';

/** When a client may try again. */
const RETRY_MS = 2_000;

export const unavailable = (): DomainError =>
  new DomainError('records_unavailable', 'the records cannot be reached right now', RETRY_MS);

/**
 * The same collection for use cases. They do not know about stores, so an unavailable store becomes a `DomainError`, and
 * so does one that does not answer within `limit`.
 */
export function withDomainErrors<R extends Identified>(
  collection: Collection<R>,
  limit?: AnswerLimit,
): Collection<R> {
  const ask = <T>(request: () => Promise<T>): Promise<T> =>
    mapped(limit === undefined ? request() : limit.ask(request));
  return {
    insert: (record) => ask(() => collection.insert(record)),
    get: (id) => ask(() => collection.get(id)),
    findOne: (filter, page) => ask(() => collection.findOne(filter, page)),
    find: (filter, page) => ask(() => collection.find(filter, page)),
    count: (filter) => ask(() => collection.count(filter)),
    update: (filter, update, options) => ask(() => collection.update(filter, update, options)),
    updateMany: (filter, update) => ask(() => collection.updateMany(filter, update)),
    delete: (filter) => ask(() => collection.delete(filter)),
  };
}

async function mapped<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw error instanceof StoreUnavailable || error instanceof NoAnswer ? unavailable() : error;
  }
}
