import type { Logger } from 'pino';
import { DomainError } from '../domain/error';

/** Turns what mediasoup throws into coded errors, and logs it. A `DomainError` passes unchanged. */
export class MediaErrors {
  constructor(private readonly log: Logger) {}

  /** mediasoup throws when a client sends wrong parameters. That error becomes `line_refused`. */
  ofClient<T>(message: string, action: () => Promise<T>): Promise<T> {
    return coded(action, (error) => {
      this.log.debug({ err: error }, message);
      return new DomainError('line_refused', message);
    });
  }

  /** No client influences this action: an error is ours, or comes from a dead worker. It becomes `media_unavailable`. */
  ofOurs<T>(message: string, action: () => Promise<T>): Promise<T> {
    return coded(action, (error) => {
      this.log.warn({ err: error }, message);
      return new DomainError('media_unavailable', message, 500);
    });
  }

  /** For expected errors of actions that nothing awaits. */
  note(error: unknown, message: string): void {
    this.log.debug({ err: error }, message);
  }
}

async function coded<T>(
  action: () => Promise<T>,
  toDomainError: (error: unknown) => DomainError,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof DomainError ? error : toDomainError(error);
  }
}
