/**
 * Matchmaking: follows the tickets of the shards that have any, decides which tickets are paired, claims the pairs in
 * the store.
 *
 *     const directors = new Directors({
 *       store,                      // TicketStore
 *       clock,                      // Clock
 *       steps,                      // parseRelaxationSteps(written), or DEFAULT_STEPS
 *       matched: (tickets) => …,    // the pair is claimed, so no other director has it; open their call
 *       stepReached: (ticket, step) => …, // tell the peer how far their search looks now
 *       onError: (error) => …,      // already being retried; log it
 *     });
 *
 *     directors.ensure(shardName(shardOf(ticket))); // before or after the `add`, each time
 *     await store.add(ticket);
 *     …
 *     await directors.close();      // before the store is closed; claims on their way still reach `matched`
 *
 * All callbacks are called from the event loop, never from within `ensure` or `store.add`. The directors need no
 * other notifications: they see in the store which tickets are removed or expire. A peer who was claimed for a call
 * that fails is put back by adding a new ticket with the old `since`.
 */
export { Director, type DirectorDeps, type DirectorEvents } from './director';
export { Directors } from './directors';
export { LeasedDirectors } from './leased-directors';
