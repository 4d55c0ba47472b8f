import type { IncomingMessage } from 'node:http';
import type { DomainError } from '../../domain/error';
import type { Role } from '../../protocol';
import type { Caller } from './caller';

/** One kind of credentials: finds out from a request who its caller is. */
export interface Authenticator {
  /**
   * The roles that a caller found here can have. An authenticator is asked only for endpoints that one of them may
   * call, so that a request to any other endpoint neither waits for it nor fails with it.
   */
  readonly roles: readonly Role[];
  /** Null: the request carries no valid credentials of this kind. */
  authenticate(request: IncomingMessage): Caller | null | Promise<Caller | null>;
  /** The error for a caller who lacks the required role; `caller`: whom this authenticator found. */
  errorFor(caller: Caller | null): DomainError;
}
