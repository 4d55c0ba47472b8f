/** First in, first out, and nothing is copied however long the queue gets. */
export class Backlog<T> {
  private incoming: T[] = [];
  private current: T[] = [];
  private at = 0;

  get size(): number {
    return this.incoming.length + this.current.length - this.at;
  }

  push(item: T): void {
    this.incoming.push(item);
  }

  take(): T | undefined {
    if (this.at === this.current.length) {
      this.current = this.incoming;
      this.incoming = [];
      this.at = 0;
    }
    return this.at < this.current.length ? this.current[this.at++] : undefined;
  }

  clear(): void {
    this.incoming = [];
    this.current = [];
    this.at = 0;
  }
}
