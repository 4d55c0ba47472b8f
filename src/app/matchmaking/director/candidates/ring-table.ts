import { NONE, Table } from './table';

/** The first two fields of every row: its neighbours in the ring it is part of. */
const PREV = 0;
const NEXT = 1;
/** The first field that a table has for its own use. */
export const OWN = 2;

/**
 * Rows linked into rings, so that taking one out costs the same however long the ring is. A ring is known by its
 * first row; the row before the first is its last one.
 */
export class RingTable extends Table {
  /** `fields` counts those from `OWN` on. */
  constructor(fields: number) {
    super(fields + OWN);
  }

  /** A row that is a ring of its own. */
  override allocate(): number {
    const row = super.allocate();
    this.set(row, PREV, row);
    this.set(row, NEXT, row);
    return row;
  }

  next(row: number): number {
    return this.get(row, NEXT);
  }

  prev(row: number): number {
    return this.get(row, PREV);
  }

  /** Puts a row before another one of a ring: before its first that is at the end, unless `first` is moved too. */
  insertBefore(other: number, row: number): void {
    const before = this.prev(other);
    this.set(row, PREV, before);
    this.set(row, NEXT, other);
    this.set(before, NEXT, row);
    this.set(other, PREV, row);
  }

  /** Appends to the ring that begins with `first` (NONE: an empty one), and answers with its first row. */
  append(first: number, row: number): number {
    if (first === NONE) return row;
    this.insertBefore(first, row);
    return first;
  }

  /** Takes a row out of the ring that begins with `first`, and answers with its first row then. */
  takeOut(first: number, row: number): number {
    const next = this.next(row);
    if (next === row) return NONE;
    const before = this.prev(row);
    this.set(before, NEXT, next);
    this.set(next, PREV, before);
    this.set(row, PREV, row);
    this.set(row, NEXT, row);
    return first === row ? next : first;
  }
}
