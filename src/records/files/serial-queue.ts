import { LoopTurns } from './loop-turns';

/**
 * Runs tasks one after the other, in the order in which they were given. The event loop goes on meanwhile: many tasks
 * that wait for nothing but each other would hold it up for as long as all of them take.
 */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private count = 0;

  /** @param turns several queues share them, where their work together may take no longer than one slice a turn */
  constructor(private readonly turns = new LoopTurns()) {}

  /** Tasks that have not ended. */
  get pending(): number {
    return this.count;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    this.count += 1;
    const result = this.tail.then(() => this.inTurn(task)).finally(() => (this.count -= 1));
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task so far has ended. */
  async settled(): Promise<void> {
    await this.tail;
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const pause = this.turns.pause();
    return pause === undefined ? task() : pause.then(task);
  }
}
