import type { RateLimit } from '../../domain/token-bucket';

/** How often one thing may be done. Keys carry hashes, never addresses in the clear. */
export interface Bucket {
  readonly key: string;
  readonly limit: RateLimit;
}

/** Counts how often something is done, by key. */
export interface Throttle {
  /**
   * Takes one token of each bucket, or of none: what is refused counts nowhere, so that nobody can use up somebody
   * else's bucket by being refused. They are asked in their order and the first that is empty decides; those behind it
   * are not looked at and not remembered. So the bucket of whoever tries goes first, and what they make up behind it.
   *
   * 0, or how long until the one that is empty has a token (ms): it must then not be done.
   */
  take(buckets: readonly Bucket[]): Promise<number>;
}
