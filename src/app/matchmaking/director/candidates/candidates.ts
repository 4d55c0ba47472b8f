import { priorityPoints, stepOf, type Steps, type Ticket } from '../../../../domain/pairing';
import { PairingClasses } from './classes';
import { Facets } from './facets';
import { Interests } from './interests';
import { Kinds } from './kinds';
import { NONE } from './table';
import { Search } from './search';
import { CLASS, ENTRY, KIND, PLACE, PRIORITY, Slots, STEP } from './slots';
import { StepWheel } from './step-wheel';

/** The waiting tickets of one shard, indexed so that a search looks at few of them and still misses no partner. */
export class Candidates {
  private readonly slots = new Slots();
  private readonly classes = new PairingClasses();
  private readonly kinds = new Kinds();
  private readonly places = new Kinds();
  private readonly interests = new Interests(this.slots);
  private readonly facets = new Facets((slot) => this.slots.since(slot));
  private readonly wheel: StepWheel;
  private readonly search: Search;

  constructor(
    private readonly steps: Steps,
    now: number,
  ) {
    this.wheel = new StepWheel(this.slots, (slot) => this.nextStepAt(slot), now);
    const { slots, classes, kinds, places, interests, facets } = this;
    this.search = new Search({ slots, classes, kinds, places, interests, facets, steps });
  }

  get size(): number {
    return this.slots.size;
  }

  has(ticketId: string): boolean {
    return this.slots.find(ticketId) !== NONE;
  }

  /**
   * The best partner among the waiting tickets, or null. The seeking ticket may be among them or not. In haste it is
   * the best of fewer candidates, but a partner is found whenever there is one.
   */
  bestFor(ticket: Ticket, now: number, inHaste = false): Ticket | null {
    return this.search.bestFor(ticket, now, inHaste);
  }

  add(ticket: Ticket, now: number): void {
    if (this.has(ticket.id)) return;
    const { slots } = this;
    const slot = slots.add(ticket);
    const pairingClass = this.classes.of(ticket);
    this.classes.bridge(pairingClass.id);
    const listing = {
      classId: pairingClass.id,
      step: stepOf(this.steps, ticket, now),
      kind: this.kinds.hold(ticket),
      place: this.places.hold(withoutLanguages(ticket)),
    };
    slots.set(slot, CLASS, listing.classId);
    slots.set(slot, STEP, listing.step);
    slots.set(slot, KIND, listing.kind);
    slots.set(slot, PLACE, listing.place);
    slots.set(slot, PRIORITY, priorityPoints(ticket.priority));
    slots.set(slot, ENTRY, this.facets.insert(slot, ticket, listing));
    this.interests.keep(slot, this.facets.interestNumbers(ticket));
    if (listing.step < this.steps.length - 1) this.wheel.put(slot);
  }

  remove(ticketId: string): Ticket | undefined {
    const { slots } = this;
    const slot = slots.find(ticketId);
    const ticket = slots.ticket(slot);
    if (ticket === undefined) return undefined;
    this.wheel.takeOff(slot);
    this.classes.left(slots.get(slot, CLASS));
    this.facets.remove(slots.get(slot, ENTRY));
    this.interests.drop(slot);
    this.kinds.release(slots.get(slot, KIND));
    this.places.release(slots.get(slot, PLACE));
    slots.remove(slot);
    return ticket;
  }

  /** Moves the next ticket whose step has begun into that step. */
  takeDue(now: number): { ticket: Ticket; step: number } | null {
    const slot = this.wheel.takeDue(now);
    const ticket = this.slots.ticket(slot);
    if (ticket === undefined) return null;
    const from = this.slots.get(slot, STEP);
    // A step never goes back, whatever the clock does.
    const step = Math.max(from + 1, stepOf(this.steps, ticket, now));
    this.slots.set(slot, STEP, step);
    this.facets.move(this.slots.get(slot, ENTRY), this.slots.get(slot, CLASS), from, step);
    if (step < this.steps.length - 1) this.wheel.put(slot);
    return { ticket, step };
  }

  /** When `takeDue` may have a ticket next. */
  nextDueAt(): number | null {
    return this.wheel.nextAt();
  }

  private nextStepAt(slot: number): number {
    const next = this.steps[this.slots.get(slot, STEP) + 1];
    return this.slots.since(slot) + (next?.afterMs ?? 0);
  }
}

const withoutLanguages = ({ country, avoidCountries }: Ticket) => ({
  country,
  avoidCountries,
  languages: [],
});
