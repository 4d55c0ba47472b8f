import type { Filter, Update } from './record-store';

/**
 * A change of a record that can be made twice without harm: an upsert of set fields, or one whose filter no longer
 * fits once it was made. `collection` is the collection's name.
 */
export interface Entry {
  readonly collection: string;
  readonly filter: Filter;
  readonly update: Update;
  readonly upsert: boolean;
}

export interface OutboxState {
  /** Entries that wait on disk for the store to come back. */
  readonly spooled: number;
  /** Entries that wait in memory, because neither store nor disk accepted them. */
  readonly buffered: number;
  /** Entries that were given up since the start: the buffer was full. An alarm, whatever the figure. */
  readonly lost: number;
  /** Entries the store can never accept; they are kept in a file of their own for the operator. */
  readonly rejected: number;
  /** How long the oldest entry has waited that neither store nor disk has taken yet (ms). */
  readonly oldestMs: number;
}

/**
 * Writes that must not delay their callers and must not be lost. An entry goes to the store. When the store is away, it
 * goes to a spool on disk, which is applied in order later. When that fails too, it goes to a bounded buffer in memory.
 */
export interface Outbox {
  /**
   * Resolves once the entry would be found after a SIGKILL: it is in the store or on the spool. Rejects with
   * `InvalidRecord`, or with `StoreUnavailable` when the buffer is full, or when neither took it within `deadlineMs`:
   * for a caller who does not wait longer. The entry stays in the buffer and is still written. Entries about one record, named by its
   * `_id`, are applied in the order in which they were written; one that names no record keeps its order to all.
   */
  write(entry: Entry, deadlineMs?: number): Promise<void>;
  state(): OutboxState;
  /**
   * True once everything that was written before, by this process or a former one on the same folder, is in the store
   * or was rejected by it, so that none of it can bring back what is erased from now on; false when that takes longer.
   */
  drained(timeoutMs: number): Promise<boolean>;
  /** Writes what the buffer still holds to store or spool, then closes the files. Idempotent. */
  close(): Promise<void>;
}
