import type { AgeBand, Gender, Mode } from '../../protocol';

/** Peers meet only within their trust pool (M2). */
export type TrustPool = 'standard' | 'low';

/** A former partner, and when that call ended (`Clock.elapsed`). */
export interface Encounter {
  readonly peerId: string;
  readonly at: number;
}

/**
 * A peer's place in the queue: everything that the pairing rules need, so that a decision needs no further request. A
 * ticket is not changed after it was added; a new search is a new ticket.
 */
export interface Ticket {
  readonly id: string;
  readonly peerId: string;
  /**
   * When the waiting began, as this process counts (`Clock.elapsed`). Kept when a failed call puts the peer back into the
   * search.
   */
  readonly since: number;
  readonly mode: Mode;
  readonly region: string;
  readonly trustPool: TrustPool;
  /** Plan priority, 0 (free) to 1. */
  readonly priority: number;
  readonly interests: readonly string[];
  readonly languages: readonly string[];
  readonly gender: Gender | null;
  /** Empty: anyone. */
  readonly wantedGenders: readonly Gender[];
  readonly ageBand: AgeBand | null;
  /** Empty: any. */
  readonly wantedAgeBands: readonly AgeBand[];
  readonly country: string | null;
  readonly avoidCountries: readonly string[];
  /** The wanted number of participants, the peer included. Two by default (M1). */
  readonly groupSize?: number;
  /** Ids of the users whom this peer has blocked, for all of their windows. */
  readonly blocked: readonly string[];
  /** The last partners, newest first, as far as the rules look back. */
  readonly recent: readonly Encounter[];
  /** The gateway node of the peer, present or last, so that the node that makes a match knows where to send it. */
  readonly node?: string;
}
