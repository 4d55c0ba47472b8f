import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../domain/pairing/ticket';
import { comparisonKey, type Wishes } from '../../protocol';
import type { Peer } from '../peers/peer';

/** Plans give 0 to 10, tickets carry 0 to 1. */
const MOST_PRIORITY = 10;

/** Makes a ticket for a peer's wishes. Their waiting time counts from `since`; `now` is the wall time. */
export function makeTicket(
  peer: Peer,
  wishes: Wishes,
  { node, region, since, now }: { node: string; region: string; since: number; now: number },
): Ticket {
  const {
    mode,
    interests,
    languages,
    gender,
    wantedGenders,
    ageBand,
    wantedAgeBands,
    country,
    avoidCountries,
  } = wishes;
  return {
    id: randomUUID(),
    peerId: peer.id,
    node,
    since,
    mode,
    region,
    trustPool: 'standard',
    priority: peer.allowance.plan(now).priority / MOST_PRIORITY,
    // Tickets are compared by what is meant, however each of the two typed it.
    interests: [...new Set(interests.map(comparisonKey))],
    languages,
    gender,
    wantedGenders,
    ageBand,
    wantedAgeBands,
    country,
    avoidCountries,
    blocked: [...peer.blocked],
    recent: peer.recent,
  };
}
