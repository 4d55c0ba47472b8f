import type { Request } from 'express';
import { DomainError } from '../../domain/error';
import { originRule } from '../origins';

/**
 * Keeps the pages of other sites from acting in a user's name: every change has to come from one of our own pages. A
 * browser that leaves `Origin` out names the site in `Sec-Fetch-Site`, which no page can set either.
 */
export function originCheck(allowed: readonly string[]): (request: Request) => void {
  return (request) => {
    const isOurs = originRule(allowed, {
      withoutOrigin: ({ headers }) => headers['sec-fetch-site'] === 'same-origin',
      isTls: () => request.secure,
    });
    if (!isOurs(request)) throw new DomainError('foreign_origin', 'this can only be done from our own pages');
  };
}
