import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { DomainError } from '../domain/error';
import type { ErrorCode } from '../protocol';

/** Codes that are not here are a request's own fault, 400. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthorized: 401,
  log_in_first: 401,
  wrong_credentials: 401,
  foreign_origin: 403,
  too_young: 403,
  plan_minutes_used: 403,
  plan_needed: 403,
  not_found: 404,
  plan_unknown: 404,
  plan_held: 409,
  no_plan: 409,
  provider_unreachable: 503,
  method_not_allowed: 405,
  email_taken: 409,
  trial_used: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  billing_unavailable: 503,
  records_unavailable: 503,
  node_unreachable: 503,
  shutting_down: 503,
};

/** Every refused request is answered with `{error: {code, message, retryAfterMs?}}` and the status of its code. */
export function reject(response: Response, domainError: DomainError): void {
  const { retryAfterMs } = domainError;
  if (retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1000));
  response.status(STATUS[domainError.code] ?? 400).json({ error: domainError.toWire() });
}

export const notFound: RequestHandler = (_request, response) => {
  reject(response, new DomainError('not_found', 'there is nothing here'));
};

/** To stand behind a path's handlers: the path exists, this method does not. */
export const methodNotAllowed =
  (...allowed: string[]): RequestHandler =>
  (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    reject(response, new DomainError('method_not_allowed', `only ${allowed.join(', ')}`));
  };

/** Errors of express itself (bad paths, bad bodies) carry a status; anything else is a fault of ours. */
export const answerErrors =
  (reportError: (error: unknown, words: string) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof DomainError) return reject(response, error);
    const domainError = refusalOf(error);
    if (domainError !== undefined) return reject(response, domainError);
    reportError(error, 'a request could not be handled');
    reject(response, new DomainError('internal', 'something went wrong on our side'));
  };

/** What express and its parsers found wrong with a request. Their words are not passed on: they quote from it. */
function refusalOf(error: unknown): DomainError | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (status === 413) return new DomainError('too_large', 'the request is too large');
  if ('type' in error && error.type === 'entity.parse.failed') {
    return new DomainError('bad_json', 'the body is not JSON');
  }
  return new DomainError('bad_data', 'the request could not be read');
}
