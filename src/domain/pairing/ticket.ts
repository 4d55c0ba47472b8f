import type { AgeBand, Gender, Mode } from '../../protocol';

/** People of one trust pool meet each other only (M2). */
export type TrustPool = 'standard' | 'low';

/** Someone met before, and when the call with them ended (ms since the epoch). Newest first. */
export interface Encounter {
  readonly peerId: string;
  readonly at: number;
}

/**
 * One person's place in the queue: all that the pairing rules need to know, so that deciding never asks anyone
 * else. A ticket is not changed after it was added; a new search is a new ticket.
 */
export interface Ticket {
  readonly id: string;
  readonly peerId: string;
  /** When the waiting began (ms since the epoch). Kept when a failed call puts a person back. */
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
  /** People wanted in the call, oneself included. Two where nothing is said (M1). */
  readonly groupSize?: number;
  /** Person ids this person has blocked. */
  readonly blocked: readonly string[];
  /** The last partners, newest first, as far as the rules look back. */
  readonly recent: readonly Encounter[];
  /** The node that this person's socket is on or was on last, so that whoever makes a match knows whom to tell. */
  readonly node?: string;
}
