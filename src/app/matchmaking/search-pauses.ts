import { fullBucket, takeToken, type RateLimit } from '../../domain/token-bucket';
import type { Peer } from '../peers/peer';

/** New searches begin at the pace that this node can carry. Both answer with how long one has to wait (ms). */
export interface NewSearches {
  /** Throws `DomainError('server_busy')` when that would be too long. */
  take(kind: 'search'): number;
  takeSurely(kind: 'search'): number;
}

/**
 * A search after a call that the peer ended themselves costs one of their skips. Answers with how long it takes until
 * one has come back (ms); 0: it was taken, or none is needed.
 */
export function skipPause(peer: Peer, skips: RateLimit, now: number): number {
  if (!peer.endedLastCall) return 0;
  const { bucket, waitMs } = takeToken(peer.skipBucket ?? fullBucket(skips, now), skips, now);
  peer.skipBucket = bucket;
  if (waitMs === 0) peer.endedLastCall = false;
  return waitMs;
}
