import type { ErrorReporter } from '../app/ports/error-reporter';

/** The opened parts, which are closed in the reverse order. A part that fails does not keep the others from closing. */
export class Closers {
  private readonly opened: (() => Promise<void> | void)[] = [];

  constructor(private readonly reportError: ErrorReporter) {}

  /** Remembers how to close what was just opened, and gives it back. */
  add<T extends { close(): Promise<void> | void }>(part: T): T {
    this.opened.push(() => part.close());
    return part;
  }

  /** Idempotent: what is closed is forgotten. */
  async close(): Promise<void> {
    for (let close = this.opened.pop(); close !== undefined; close = this.opened.pop()) {
      try {
        await close();
      } catch (error) {
        this.reportError(error, 'a part could not be closed');
      }
    }
  }
}
