import type { ErrorCode, WireError } from '../protocol';

/**
 * A request was understood and is rejected, with the code that the client gets. Any other error that is thrown is a
 * defect of the server, and the client gets `internal`.
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'DomainError';
  }

  toWire(event?: string): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(event === undefined ? {} : { event }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }
}
