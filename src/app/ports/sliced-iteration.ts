/** Items in one slice: a few milliseconds of work at most, whatever is done for each item. */
const SLICE_SIZE = 100;

/**
 * Does something for each of very many items in slices, so that other work on the event loop need not wait for all of
 * them.
 *
 * Cascade of `close()`: the items that are left are dropped.
 */
export class SlicedIteration {
  private nextSlice: NodeJS.Immediate | undefined;

  constructor(private readonly sliceSize = SLICE_SIZE) {}

  /** Whether an iteration has not ended yet. */
  get isRunning(): boolean {
    return this.nextSlice !== undefined;
  }

  /**
   * Begins an iteration, unless an earlier one is still running: a new one would only delay its last items further.
   * Of a live collection, items that are removed meanwhile are left out, and items that are added are included.
   */
  run<T>(all: Iterable<T>, each: (one: T) => void): void {
    if (!this.isRunning) this.runSlice(all[Symbol.iterator](), each);
  }

  close(): void {
    clearImmediate(this.nextSlice);
    this.nextSlice = undefined;
  }

  private runSlice<T>(left: Iterator<T>, each: (one: T) => void): void {
    this.nextSlice = undefined;
    for (let seen = 0; seen < this.sliceSize; seen += 1) {
      const next = left.next();
      if (next.done === true) return;
      each(next.value);
    }
    this.nextSlice = setImmediate(() => this.runSlice(left, each));
  }
}
