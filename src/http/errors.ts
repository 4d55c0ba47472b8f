import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { DomainError } from '../domain/error';
import type { ErrorCode } from '../protocol';

/** Codes that are not listed here answer 400: something is wrong with the request. */
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
  trial_used: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  billing_unavailable: 503,
  records_unavailable: 503,
  node_unreachable: 503,
  shutting_down: 503,
};

/** Answers `{error: {code, message, retryAfterMs?}}` with the status of the code. */
export function sendError(response: Response, error: DomainError): void {
  const { code, retryAfterMs } = error;
  // HTTP wants a 401 to name the scheme of the credentials that are missing; cookies have none.
  if (code === 'unauthorized') response.setHeader('WWW-Authenticate', 'Bearer');
  if (retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1000));
  response.status(STATUS[code] ?? 400).json({ error: error.toWire() });
}

export const notFound: RequestHandler = (_request, response) => {
  sendError(response, new DomainError('not_found', 'there is nothing here'));
};

/** Stands behind the handlers of a path: the path exists, but not with this method. */
export const methodNotAllowed =
  (...allowed: string[]): RequestHandler =>
  (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    sendError(response, new DomainError('method_not_allowed', `only ${allowed.join(', ')}`));
  };

/** Errors of Express itself (bad paths, bad bodies) carry a status. Any other error is the server's own. */
export const answerErrors =
  (reportError: (error: unknown, message: string) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof DomainError) return sendError(response, error);
    const requestError = requestErrorOf(error);
    if (requestError !== undefined) return sendError(response, requestError);
    reportError(error, 'a request could not be handled');
    sendError(response, new DomainError('internal', 'something went wrong on our side'));
  };

/** What Express and its parsers found wrong with a request. Their messages quote the request and are not passed on. */
function requestErrorOf(error: unknown): DomainError | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (status === 413) return new DomainError('too_large', 'the request is too large');
  if ('type' in error && error.type === 'entity.parse.failed') {
    return new DomainError('bad_json', 'the body is not JSON');
  }
  return new DomainError('bad_data', 'the request could not be read');
}
