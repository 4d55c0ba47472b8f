import type { Logger } from 'pino';
import { DomainError } from '../domain/error';

/** Turns what mediasoup throws into coded errors, and logs it. A `DomainError` passes unchanged. */
export class MediaErrors {
  constructor(private readonly log: Logger) {}

  /** mediasoup answers a client's nonsense with an error of its own, which becomes `line_refused`. */
  ofClient<T>(message: string, action: () => Promise<T>): Promise<T> {
    return coded(action, (error) => {
      this.log.debug({ err: error }, message);
      return new DomainError('line_refused', message);
    });
  }

  /** No client has a say in this action: an error is ours, or of a worker that died. It becomes `media_unavailable`. */
  ofOurs<T>(message: string, action: () => Promise<T>): Promise<T> {
    return coded(action, (error) => {
      this.log.warn({ err: error }, message);
      return new DomainError('media_unavailable', message, 500);
    });
  }

  /** Nobody waits for the outcome, and the error is expected. */
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
