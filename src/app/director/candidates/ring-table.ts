/** No row. */
export const NONE = -1;

/** The first two fields of every row: its neighbours in the ring it is part of. */
const PREV = 0;
const NEXT = 1;
/** The first field that a table has for its own use. */
export const OWN = 2;

/**
 * Rows of whole numbers in one typed array, linked into rings. A million waiting people have some six million
 * places in lists; as objects these would take gigabytes and every garbage collection would walk through them.
 *
 * A ring is known by its first row; the row before the first is its last one.
 */
export class RingTable {
  private data: Int32Array;
  private used = 0;
  private free = NONE;

  /** `fields` counts those from `OWN` on. */
  constructor(fields: number) {
    this.width = fields + OWN;
    this.data = new Int32Array(this.width * 64);
  }

  private readonly width: number;

  /** A row that is in no ring; its own fields hold whatever was there before. */
  allocate(): number {
    let row = this.free;
    if (row === NONE) {
      row = this.used++;
      if (this.used * this.width > this.data.length) this.grow();
    } else {
      this.free = this.get(row, NEXT);
    }
    this.set(row, PREV, row);
    this.set(row, NEXT, row);
    return row;
  }

  release(row: number): void {
    this.set(row, NEXT, this.free);
    this.free = row;
  }

  get(row: number, field: number): number {
    return this.data[row * this.width + field] ?? NONE;
  }

  set(row: number, field: number, value: number): void {
    this.data[row * this.width + field] = value;
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

  /** Rows ever in use at the same time. */
  get rows(): number {
    return this.used;
  }

  private grow(): void {
    const wider = new Int32Array(Math.ceil((this.used * 1.5) / 64) * 64 * this.width);
    wider.set(this.data);
    this.data = wider;
  }
}
