import type { WireError } from '../../../src/protocol';

/** The error that the server returned, or `disconnected` where the request did not reach the server. */
export type RequestErrorDetails =
  WireError | { code: 'disconnected'; message: string; retryAfterMs?: undefined };

/** A request that the server refused or that did not reach it, over WebSocket or HTTP. */
export class RequestError extends Error {
  constructor(readonly details: RequestErrorDetails) {
    super(details.message);
  }
}

export const disconnected = (message: string): RequestError =>
  new RequestError({ code: 'disconnected', message });

/** Whether `error` is a request error with one of these codes. */
export const hasErrorCode = (
  error: unknown,
  ...codes: readonly RequestErrorDetails['code'][]
): error is RequestError => error instanceof RequestError && codes.includes(error.details.code);

export const isDisconnected = (error: unknown): boolean => hasErrorCode(error, 'disconnected');

/** Anything that was thrown, as an error that has a message in the catalogue. */
export const toRequestError = (error: unknown): RequestError =>
  error instanceof RequestError ? error : new RequestError({ code: 'internal', message: String(error) });
