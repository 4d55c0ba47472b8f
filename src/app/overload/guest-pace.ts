import { DomainError } from '../../domain/error';
import type { ActionLimits, GuestAction, Place } from '../../domain/guest-limits';
import type { RateLimit } from '../../domain/token-bucket';
import type { Bucket, LocalThrottle, Throttle } from '../ports/throttle';

/** Somebody who is connected, as far as their pace depends on it. */
export interface PacedPeer {
  readonly identity: { readonly userId: string; readonly isAnonymous: boolean };
  /** Keyed hash of the address; null: not known. */
  readonly addressHash: string | null;
  readonly origin: { readonly subnet: string } | null;
}

export interface GuestPaceDeps {
  readonly limits: Readonly<Record<GuestAction, ActionLimits>>;
  /** Counts for all nodes together, where there are many. */
  readonly throttle: Throttle;
  readonly local: LocalThrottle;
}

/** Whoever is refused comes again after this time at the earliest (ms): a socket and a handshake cost something. */
const LEAST_GREETING_WAIT_MS = 5_000;
/** The shortest pause of a search (ms): many may wait for the same token. */
const LEAST_SEARCH_PAUSE_MS = 2_000;

/**
 * Paces what guests do, by their address and the network around it: whoever drops the cookie is a new guest, with all
 * that a guest may do. An account counts by itself. Whatever ends something is not paced.
 *
 * Greetings, searches and reports are counted for all nodes together, since what one address may do must not grow with
 * the number of nodes. Messages are counted on each node alone: they are many, and a round trip for each would cost more
 * than it saves.
 */
export class GuestPace {
  /** How often somebody had to wait or was refused, since the start. */
  readonly counts: Record<GuestAction, number> = { greeting: 0, search: 0, message: 0, report: 0 };

  constructor(private readonly deps: GuestPaceDeps) {}

  /** A new guest comes. Answers 0, or how long they have to wait (ms). */
  async greeting(place: Place): Promise<number> {
    const waitMs = await this.deps.throttle.take(this.bucketsOf('greeting', place));
    return waitMs === 0 ? 0 : Math.max(LEAST_GREETING_WAIT_MS, waitMs);
  }

  /** Greetings are refused by the handshake, which knows whom it never refuses. */
  greetingRefused(): void {
    this.counts.greeting += 1;
  }

  /** A search that is a skip, or the first of its peer. Answers 0, or how long the search has to wait (ms). */
  async search(peer: PacedPeer): Promise<number> {
    const waitMs = await this.deps.throttle.take(this.bucketsOfPeer('search', peer));
    if (waitMs === 0) return 0;
    this.counts.search += 1;
    return Math.max(LEAST_SEARCH_PAUSE_MS, waitMs);
  }

  /** Throws `DomainError('rate_limited')`. */
  async report(peer: PacedPeer): Promise<void> {
    this.check('report', await this.deps.throttle.take(this.bucketsOfPeer('report', peer)));
  }

  /** Throws `DomainError('rate_limited')`. */
  message(peer: PacedPeer): void {
    this.check('message', this.deps.local.takeNow(this.bucketsOfPeer('message', peer)));
  }

  private check(action: 'report' | 'message', waitMs: number): void {
    if (waitMs === 0) return;
    this.counts[action] += 1;
    throw new DomainError('rate_limited', `too many ${action}s come from this address`, waitMs);
  }

  private bucketsOfPeer(action: GuestAction, { identity, addressHash, origin }: PacedPeer): Bucket[] {
    const { userId, isAnonymous } = identity;
    if (!isAnonymous) return bucket(`${action} account ${userId}`, this.deps.limits[action].account);
    return this.bucketsOf(action, { address: addressHash, subnet: origin?.subnet ?? null });
  }

  /** The address goes first: one that has used its bucket up can then neither use nor create other buckets. */
  private bucketsOf(action: GuestAction, place: Place): Bucket[] {
    const limits = this.deps.limits[action];
    return (['address', 'subnet'] as const).flatMap((by) =>
      place[by] === null ? [] : bucket(`${action} ${by} ${place[by]}`, limits[by]),
    );
  }
}

const bucket = (key: string, limit: RateLimit | null): Bucket[] => (limit === null ? [] : [{ key, limit }]);
