import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../domain/pairing/ticket';
import type { Wishes } from '../../protocol';
import type { Person } from '../people/person';

/** A ticket for what this person wishes; their waiting counts from `since`. */
export function makeTicket(person: Person, wishes: Wishes, region: string, since: number): Ticket {
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
    personId: person.id,
    since,
    mode,
    region,
    trustPool: 'standard',
    priority: 0,
    interests,
    languages,
    gender,
    wantedGenders,
    ageBand,
    wantedAgeBands,
    country,
    avoidCountries,
    blocked: [...person.blocked],
    recent: person.recent,
  };
}
