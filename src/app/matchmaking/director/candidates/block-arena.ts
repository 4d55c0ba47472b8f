import { NONE } from './table';

/** Blocks up to 2^24 pairs; nothing here gets near that. */
const SIZES = 25;

/**
 * Lists of number pairs, side by side in one typed array. A list lives in a block whose size is a power of two
 * and moves to the next size when it is full. Going through a list reads memory in order, which is some thirty
 * times faster than following links from row to row once the tables are larger than the processor's cache.
 */
export class BlockArena {
  private data = new Int32Array(1024);
  private end = 0;
  /** Freed blocks by size; each holds the offset of the next one. */
  private readonly free = new Int32Array(SIZES).fill(NONE);

  /** A block for 2^size pairs. */
  allocate(size: number): number {
    const freed = this.free[size] ?? NONE;
    if (freed !== NONE) {
      this.free[size] = this.data[freed] ?? NONE;
      return freed;
    }
    const block = this.end;
    this.end += 2 << size;
    if (this.end > this.data.length) {
      const wider = new Int32Array(Math.ceil(this.end * 1.5));
      wider.set(this.data);
      this.data = wider;
    }
    return block;
  }

  release(block: number, size: number): void {
    this.data[block] = this.free[size] ?? NONE;
    this.free[size] = block;
  }

  /** Moves `count` pairs into a block of twice the size. */
  enlarge(block: number, size: number, count: number): number {
    const larger = this.allocate(size + 1);
    this.data.copyWithin(larger, block, block + 2 * count);
    this.release(block, size);
    return larger;
  }

  set(block: number, index: number, key: number, value: number): void {
    this.data[block + 2 * index] = key;
    this.data[block + 2 * index + 1] = value;
  }

  key(block: number, index: number): number {
    return this.data[block + 2 * index] ?? NONE;
  }

  value(block: number, index: number): number {
    return this.data[block + 2 * index + 1] ?? NONE;
  }
}
