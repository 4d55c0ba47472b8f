import { DomainError } from '../domain/error';

const RETRY_MS = 1_000;

/**
 * Redis did not answer, or not as it should. What was asked may have been done all the same. Whoever asked for something
 * that takes the other nodes hears that these cannot be reached.
 */
export class RedisUnavailable extends DomainError {
  constructor(words: string, cause?: unknown) {
    super('node_unreachable', `Redis: ${words}`, RETRY_MS);
    this.name = 'RedisUnavailable';
    this.cause = cause;
  }
}

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
