/**
 * Matchmaking: follows the tickets of the shards that have any, decides who meets whom, claims them in the store.
 *
 *     const directors = new Directors({
 *       store,                      // TicketStore
 *       clock,                      // Clock
 *       steps,                      // parseRelaxationSteps(written), or DEFAULT_STEPS
 *       matched: (tickets) => …,    // the pair is claimed: nobody else has them; open their call
 *       stepReached: (ticket, step) => …, // tell the person how far their search looks now
 *       onError: (error) => …,      // already being retried; log it
 *     });
 *
 *     directors.ensure(shardName(shardOf(ticket))); // before or after the `add`, each time
 *     await store.add(ticket);
 *     …
 *     await directors.close();      // before the store is closed; claims on their way still reach `matched`
 *
 * All callbacks are called from the event loop, never from within `ensure` or `store.add`. Nothing else has to be
 * told: tickets that are removed or expire are seen in the store. Whoever was claimed for a call that comes to
 * nothing is put back by adding a new ticket with the old `since`.
 */
export { Director, type DirectorDeps, type DirectorEvents } from './director';
export { Directors } from './directors';
export { LeasedDirectors } from './leased-directors';
