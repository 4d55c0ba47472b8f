import type { Logger } from 'pino';
import type { Clock } from '../app/ports/clock';

/** For how long further errors of one kind are counted instead of logged. */
const GATHER_MS = 10_000;
/** Kinds that are gathered at a time. Those beyond that are logged one by one. */
const MOST_KINDS = 200;

/**
 * Logs errors of the server itself. While something that everything needs is away, such as Redis, the same error occurs
 * hundreds of times a second: the first of a kind is logged at once, and how many more there were when ten seconds are
 * over.
 *
 * Cascade of `close()`: what has been counted so far is logged.
 */
export class ErrorLog {
  /** By kind: how many were not logged, and what stops their timer. */
  private readonly gathering = new Map<string, { more: number; readonly stop: () => void }>();

  private isClosed = false;

  constructor(
    private readonly log: Pick<Logger, 'error'>,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  error(error: unknown, message: string): void {
    const kind = `${message} ${error instanceof Error ? `${error.name} ${error.message}` : typeof error}`;
    const before = this.gathering.get(kind);
    if (before !== undefined) {
      before.more += 1;
      return;
    }
    this.log.error({ err: error }, message);
    if (this.isClosed || this.gathering.size >= MOST_KINDS) return;
    const stop = this.clock.after(GATHER_MS, () => this.settle(kind, error, message));
    this.gathering.set(kind, { more: 0, stop });
  }

  close(): void {
    this.isClosed = true;
    for (const [kind, { more, stop }] of [...this.gathering]) {
      stop();
      this.gathering.delete(kind);
      if (more > 0) this.log.error({ times: more }, `the log ends; errors that were not logged: ${kind}`);
    }
  }

  private settle(kind: string, error: unknown, message: string): void {
    const more = this.gathering.get(kind)?.more ?? 0;
    this.gathering.delete(kind);
    if (more > 0) this.log.error({ err: error, times: more }, `${message} (again, in the last 10 s)`);
  }
}
