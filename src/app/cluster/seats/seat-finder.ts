import type { FindsSeats, Fetched } from '../../people/greeting';
import type { SeatNote } from '../contract';
import type { Arrivals } from './arrivals';
import type { Seats } from './seats';

/** Seats on other nodes, as whoever greets people asks for them. */
export function seatFinder(seats: Seats, arrivals: Arrivals): FindsSeats {
  const fetched = (note: SeatNote | null): Fetched | null =>
    note === null ? null : { identity: note.identity, restore: (person) => arrivals.restore(person, note) };
  return {
    recall: async (resumeToken) => fetched(await seats.recall(resumeToken)),
    elsewhere: (personId) => seats.elsewhere(personId),
    fetch: async (personId) => fetched(await seats.take(personId)),
  };
}
