import { DomainError } from '../domain/error';

const RETRY_MS = 1_000;

/**
 * Redis did not answer, or answered with an error. The command may have been carried out all the same. A client whose
 * request needs the other nodes gets the code `node_unreachable`.
 */
export class RedisUnavailable extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('node_unreachable', `Redis: ${message}`, RETRY_MS);
    this.name = 'RedisUnavailable';
    this.cause = cause;
  }
}

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
