import type { Request } from 'express';
import { DomainError } from '../../domain/error';
import { originRule } from '../origins';

/**
 * Keeps other sites' pages from acting in a person's name. Whatever changes something has to come from a page of our
 * own; a browser that leaves `Origin` out says so in `Sec-Fetch-Site`, which no page can set either.
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
