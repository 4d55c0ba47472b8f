/** No row. */
export const NONE = -1;

/**
 * Rows of whole numbers in one typed array. A million waiting tickets have some seven million places in lists; as
 * objects these would take gigabytes, and every garbage collection would walk through them.
 */
export class Table {
  private data: Int32Array;
  private used = 0;
  private free = NONE;

  constructor(private readonly width: number) {
    this.data = new Int32Array(width * 64);
  }

  /** A row, its fields as they happen to be. */
  allocate(): number {
    const row = this.free;
    if (row !== NONE) {
      this.free = this.get(row, 0);
      return row;
    }
    if ((this.used + 1) * this.width > this.data.length) this.grow();
    return this.used++;
  }

  /** The first field of a free row holds the next free one. */
  release(row: number): void {
    this.set(row, 0, this.free);
    this.free = row;
  }

  get(row: number, field: number): number {
    return this.data[row * this.width + field] ?? NONE;
  }

  set(row: number, field: number, value: number): void {
    this.data[row * this.width + field] = value;
  }

  /** Rows ever in use at the same time. */
  get rows(): number {
    return this.used;
  }

  private grow(): void {
    const wider = new Int32Array(Math.ceil(this.used * 1.5) * this.width);
    wider.set(this.data);
    this.data = wider;
  }
}
