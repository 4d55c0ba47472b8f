import type { ErrorCode, WireError } from '../protocol';

/**
 * A request that was understood and is refused, with the code the person's client gets. Anything else that is
 * thrown is a fault of ours and reaches people as `internal`.
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
