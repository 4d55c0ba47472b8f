/** Runs tasks one after the other, in the order in which they were given. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private count = 0;

  /** Tasks that have not ended. */
  get pending(): number {
    return this.count;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    this.count += 1;
    const result = this.tail.then(task).finally(() => (this.count -= 1));
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task so far has ended. */
  async settled(): Promise<void> {
    await this.tail;
  }
}
