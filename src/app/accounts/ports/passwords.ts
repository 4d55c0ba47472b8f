/**
 * Passwords as they may be kept. Slow on purpose, and only so many at once: throws `DomainError('rate_limited')` when
 * too many wait already.
 */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** A null hash takes as long as any other and never fits, so that a caller cannot tell that there was none. */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether it was made in a way that is no longer thought good enough. */
  isOutdated(hash: string): boolean;
}
