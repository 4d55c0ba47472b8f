/** How many are seen to in one go: a few milliseconds at most, whatever it is that is done for each. */
const IN_ONE_GO = 100;

/**
 * Something that is done for each of very many, without anybody else having to wait until all have had it: for some
 * at once, for the rest in turn with whatever else there is to do.
 *
 * Cascade of `close()`: whoever was not seen to yet is not any more.
 */
export class SlicedIteration {
  private going: NodeJS.Immediate | undefined;

  constructor(private readonly inOneGo = IN_ONE_GO) {}

  /** Whether an earlier round has not come to its end yet. */
  get isRunning(): boolean {
    return this.going !== undefined;
  }

  /**
   * Begins a round, unless an earlier one is still going: whoever is late would only be seen to later still. Of a live
   * collection, who leaves it meanwhile is left out and who joins it is seen to as well.
   */
  run<T>(all: Iterable<T>, each: (one: T) => void): void {
    if (!this.isRunning) this.goOn(all[Symbol.iterator](), each);
  }

  close(): void {
    clearImmediate(this.going);
    this.going = undefined;
  }

  private goOn<T>(left: Iterator<T>, each: (one: T) => void): void {
    this.going = undefined;
    for (let seen = 0; seen < this.inOneGo; seen += 1) {
      const next = left.next();
      if (next.done === true) return;
      each(next.value);
    }
    this.going = setImmediate(() => this.goOn(left, each));
  }
}
