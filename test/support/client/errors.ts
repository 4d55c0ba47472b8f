import type { ErrorCode, WireError } from '../../../src/protocol';

/** A request that the server answered with an error. */
export class RequestError extends Error {
  constructor(readonly wire: WireError) {
    super(`${wire.code}: ${wire.message}`);
  }
}

/** A request that can no longer be answered, because its socket is closed. */
export class DisconnectedError extends Error {
  constructor(event: string, code: number | null) {
    super(`${event}: ${code === null ? 'there is no connection' : `socket closed with ${code}`}`);
  }
}

/** The code of a failed request. An error of any other kind is unexpected and thrown. */
export function failureCode(error: unknown): ErrorCode | 'disconnected' {
  if (error instanceof RequestError) return error.wire.code;
  if (error instanceof DisconnectedError) return 'disconnected';
  throw error;
}

/** When a request may be repeated (ms); 0 where the server has not said so. */
export const retryAfterMs = (error: unknown): number =>
  error instanceof RequestError ? (error.wire.retryAfterMs ?? 0) : 0;

/** The code of the error that a request is answered with; fails when the request is accepted. */
export async function codeOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof RequestError) return error.wire.code;
    throw error;
  }
  throw new Error('the request was accepted');
}
