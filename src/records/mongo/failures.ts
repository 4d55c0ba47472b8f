import { mongo } from 'mongoose';
import { DuplicateRecord, InvalidRecord, StoreUnavailable } from '../store/record-store';

const DUPLICATE = new Set([11000, 11001, 12582]);
/** The message of `findAndModify` on a compatible server that is built on PostgreSQL (FerretDB 2.7). */
const DUPLICATE_IN_POSTGRESQL = 'conflicting key value violates exclusion constraint';
/** Error codes of a write that can never succeed: bad value, type mismatch, path not viable, too large … */
const IMPOSSIBLE = new Set([2, 9, 14, 28, 40, 66, 121, 10334, 17280, 17419]);

/**
 * The port's error for an error of the driver. Any other error of the server or the connection means that the outcome is
 * unknown and the store is not reliable.
 */
export function failureOf(error: unknown, collection: string, paths: readonly string[]): unknown {
  if (error instanceof mongo.MongoServerError) {
    const isDuplicate = DUPLICATE.has(Number(error.code)) || error.message.includes(DUPLICATE_IN_POSTGRESQL);
    if (isDuplicate) return new DuplicateRecord(collection);
    if (IMPOSSIBLE.has(Number(error.code))) return new InvalidRecord(collection, paths);
    return new StoreUnavailable(error);
  }
  // A record that is too large does not even fit the driver's buffer, which is a RangeError.
  const isUnfit = error instanceof mongo.MongoInvalidArgumentError || error instanceof mongo.BSON.BSONError;
  if (isUnfit || nameOf(error) === 'RangeError') return new InvalidRecord(collection, paths);
  // A connection that breaks while it is written to shows as the system's error, not as one of the driver's.
  return nameOf(error) === 'TypeError' ? error : new StoreUnavailable(error);
}

/** By name and not by class: the system's errors may come from another realm than this code. */
const nameOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
