import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { DomainError } from '../domain/error';
import { reject } from './errors';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets only requests through that carry `Authorization: Bearer <operator token>`. */
export function operatorOnly(token: string): RequestHandler {
  const expected = digest(token);
  return (request, response, next) => {
    const [scheme, given] = (request.headers.authorization ?? '').split(' ', 2);
    // Digests are of one length, so that the comparison tells nothing about the token's.
    if (
      scheme?.toLowerCase() === 'bearer' &&
      given !== undefined &&
      timingSafeEqual(digest(given), expected)
    ) {
      return next();
    }
    response.setHeader('WWW-Authenticate', 'Bearer');
    reject(response, new DomainError('unauthorized', 'an operator token is needed'));
  };
}
