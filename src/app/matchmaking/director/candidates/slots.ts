import type { Ticket } from '../../../../domain/pairing';
import { OWN, RingTable } from './ring-table';
import { NONE } from './table';

/** Fields of a slot: what a search needs to know of a waiting ticket, side by side in memory. */
export const KIND = OWN;
/** The kind without languages. */
export const PLACE = OWN + 1;
export const CLASS = OWN + 2;
export const STEP = OWN + 3;
/** What the plan's priority is worth in a score. */
export const PRIORITY = OWN + 4;
/** How many interests, where their numbers are, and a bit for each: without a common bit nothing is shared. */
export const INTEREST_COUNT = OWN + 5;
export const INTEREST_BLOCK = OWN + 6;
export const INTEREST_BITS = OWN + 7;
/** The last search that looked at this slot. */
export const SEEN_BY = OWN + 8;
/** The first of its entries in the lists. */
export const ENTRY = OWN + 9;
/** Its place in the step wheel. */
export const WHEEL_PLACE = OWN + 10;
/** Since when the ticket waits, in two parts. */
const SINCE_HIGH = OWN + 11;
const SINCE_LOW = OWN + 12;
const LOW_SPAN = 2 ** 30;
/** One more than needed: with the two links sixteen fields, which is one line of the processor's cache. */
const FIELDS = 14;

/** Keeps the waiting tickets: a slot each, found by the ticket's id. */
export class Slots extends RingTable {
  private readonly byId = new Map<string, number>();
  private readonly tickets: (Ticket | undefined)[] = [];

  constructor() {
    super(FIELDS);
  }

  add(ticket: Ticket): number {
    const slot = this.allocate();
    this.byId.set(ticket.id, slot);
    this.tickets[slot] = ticket;
    // Below 0 for a peer who waited already when this process began.
    const high = Math.floor(ticket.since / LOW_SPAN);
    this.set(slot, SINCE_HIGH, high);
    this.set(slot, SINCE_LOW, Math.floor(ticket.since) - high * LOW_SPAN);
    this.set(slot, SEEN_BY, 0);
    this.set(slot, ENTRY, NONE);
    this.set(slot, WHEEL_PLACE, NONE);
    return slot;
  }

  remove(slot: number): void {
    const ticket = this.tickets[slot];
    if (ticket !== undefined) this.byId.delete(ticket.id);
    this.tickets[slot] = undefined;
    this.release(slot);
  }

  find(ticketId: string): number {
    return this.byId.get(ticketId) ?? NONE;
  }

  ticket(slot: number): Ticket | undefined {
    return this.tickets[slot];
  }

  since(slot: number): number {
    return this.get(slot, SINCE_HIGH) * LOW_SPAN + this.get(slot, SINCE_LOW);
  }

  get size(): number {
    return this.byId.size;
  }

  /** Forgets which searches have looked at which slots. */
  forgetSeen(): void {
    for (let slot = 0; slot < this.rows; slot++) this.set(slot, SEEN_BY, 0);
  }
}
