import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../domain/error';
import type { Authenticator } from './authenticator';
import type { Caller } from './caller';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Operators send `Authorization: Bearer <operator token>`. */
export class OperatorTokenAuthenticator implements Authenticator {
  readonly roles = ['operator'] as const;
  private readonly expected: Buffer;

  constructor(token: string) {
    this.expected = digest(token);
  }

  authenticate({ headers }: IncomingMessage): Caller | null {
    const [scheme, token] = (headers.authorization ?? '').split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return null;
    // Digests have one length, so that the comparison tells nothing about the length of the token.
    return timingSafeEqual(digest(token), this.expected) ? { role: 'operator' } : null;
  }

  errorFor(): DomainError {
    return new DomainError('unauthorized', 'an operator token is needed');
  }
}
