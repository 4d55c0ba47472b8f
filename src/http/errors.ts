import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { Refusal } from '../domain/refusal';
import type { ErrorCode } from '../protocol';

const STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 404,
  unauthorized: 401,
  method_not_allowed: 405,
  rate_limited: 429,
  shutting_down: 503,
  internal: 500,
};

/** Every refused request is answered with `{error: {code, message}}` and the status of its code. */
export function refuse(response: Response, refusal: Refusal): void {
  response.status(STATUS[refusal.code] ?? 400).json({ error: refusal.toWire() });
}

export const notFound: RequestHandler = (_request, response) => {
  refuse(response, new Refusal('not_found', 'there is nothing here'));
};

/** To stand behind a path's handlers: the path exists, this method does not. */
export const methodNotAllowed =
  (...allowed: string[]): RequestHandler =>
  (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    refuse(response, new Refusal('method_not_allowed', `only ${allowed.join(', ')}`));
  };

/** Errors of express itself (bad paths, bad bodies) carry a status; anything else is a fault of ours. */
export const answerErrors =
  (fault: (error: unknown, words: string) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof Refusal) return refuse(response, error);
    const status =
      typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return refuse(response, new Refusal('bad_data', 'the request could not be read'));
    }
    fault(error, 'a request could not be handled');
    refuse(response, new Refusal('internal', 'something went wrong on our side'));
  };
