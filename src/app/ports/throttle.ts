import type { RateLimit } from '../../domain/token-bucket';

/** How often one thing may be done. Keys carry hashes, never addresses in the clear. */
export interface Bucket {
  readonly key: string;
  readonly limit: RateLimit;
}

/** Limits how often something is done, by key. */
export interface Throttle {
  /**
   * Takes one token of each bucket, or of none: a rejected attempt counts nowhere, so that its caller cannot use up
   * the bucket of someone else. Buckets are checked in their order. The first empty one decides; later ones are
   * neither checked nor remembered. So the caller's own bucket goes first, and buckets with keys that the caller
   * chooses follow.
   *
   * Answers 0, or how long until the empty bucket has a token (ms): the action must then not be done.
   */
  take(buckets: readonly Bucket[]): Promise<number>;
}

/** A throttle that asks nobody outside this process, and so answers at once. */
export interface LocalThrottle extends Throttle {
  /** As `take`. */
  takeNow(buckets: readonly Bucket[]): number;
}
