import type { Ticket } from '../../../domain/pairing';
import { NONE, OWN, RingTable } from './ring-table';

/** Fields of a slot: what a search needs to know of someone who waits, side by side in memory. */
export const KIND = OWN;
export const CLASS = OWN + 1;
export const STEP = OWN + 2;
/** One bit for each interest, by its number: without a common bit nothing is shared. */
export const INTEREST_BITS = OWN + 3;
/** What the plan's priority is worth in a score. */
export const PRIORITY = OWN + 4;
/** The last search that looked at this slot. */
export const SEEN_BY = OWN + 5;
/** The first of its entries in the lists. */
export const ENTRY = OWN + 6;
/** Its place in the step wheel. */
export const WHEEL_PLACE = OWN + 7;

/** Where the tickets of those who wait are kept: a slot each, found by the ticket's id. */
export class Slots extends RingTable {
  private readonly byId = new Map<string, number>();
  private readonly tickets: (Ticket | undefined)[] = [];
  private sinces = new Float64Array(64);

  constructor() {
    super(8);
  }

  add(ticket: Ticket): number {
    const slot = this.allocate();
    if (slot >= this.sinces.length) {
      const wider = new Float64Array(Math.ceil(slot * 1.5));
      wider.set(this.sinces);
      this.sinces = wider;
    }
    this.byId.set(ticket.id, slot);
    this.tickets[slot] = ticket;
    this.sinces[slot] = ticket.since;
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
    return this.sinces[slot] ?? 0;
  }

  get size(): number {
    return this.byId.size;
  }

  /** Forgets which searches have looked at whom. */
  forgetSeen(): void {
    for (let slot = 0; slot < this.rows; slot++) this.set(slot, SEEN_BY, 0);
  }
}
