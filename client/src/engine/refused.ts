import type { WireError } from '../../../src/protocol';

/** What was refused and why; `disconnected` where it could not be brought to the server at all. */
export type Refusal = WireError | { code: 'disconnected'; message: string; retryAfterMs?: undefined };

/** A request the server refused, or that could not be brought to it, over the socket or over HTTP. */
export class Refused extends Error {
  constructor(readonly wire: Refusal) {
    super(wire.message);
  }
}

export const disconnected = (message: string): Refused => new Refused({ code: 'disconnected', message });

/** Whether it was refused for one of these reasons. */
export const isRefusedFor = (error: unknown, ...codes: readonly Refusal['code'][]): error is Refused =>
  error instanceof Refused && codes.includes(error.wire.code);

export const isDisconnected = (error: unknown): boolean => isRefusedFor(error, 'disconnected');
