import { priorityPoints, stepOf, type Steps, type Ticket } from '../../../domain/pairing';
import { PairingClasses } from './classes';
import { Facets } from './facets';
import { Kinds } from './kinds';
import { NONE } from './ring-table';
import { Search } from './search';
import { CLASS, ENTRY, INTEREST_BITS, KIND, PRIORITY, Slots, STEP } from './slots';
import { StepWheel } from './step-wheel';

/** Those who wait in one shard, kept so that a search looks at few of them and finds whoever may be found. */
export class Candidates {
  private readonly slots = new Slots();
  private readonly classes = new PairingClasses();
  private readonly kinds = new Kinds();
  private readonly facets = new Facets((slot) => this.slots.since(slot));
  private readonly wheel: StepWheel;
  private readonly search: Search;

  constructor(
    private readonly steps: Steps,
    now: number,
  ) {
    this.wheel = new StepWheel(this.slots, (slot) => this.nextStepAt(slot), now);
    const { slots, classes, kinds, facets } = this;
    this.search = new Search({ slots, classes, kinds, facets, steps });
  }

  get size(): number {
    return this.slots.size;
  }

  has(ticketId: string): boolean {
    return this.slots.find(ticketId) !== NONE;
  }

  /** The best partner among those who wait, or null. The one who asks may be among them or not. */
  bestFor(ticket: Ticket, now: number): Ticket | null {
    return this.search.bestFor(ticket, now);
  }

  add(ticket: Ticket, now: number): void {
    if (this.has(ticket.id)) return;
    const slot = this.slots.add(ticket);
    const step = stepOf(this.steps, ticket, now);
    const pairingClass = this.classes.of(ticket);
    const { id } = pairingClass;
    pairingClass.waiting++;
    const kind = this.kinds.hold(ticket).id;
    this.slots.set(slot, KIND, kind);
    this.slots.set(slot, CLASS, id);
    this.slots.set(slot, STEP, step);
    this.slots.set(slot, PRIORITY, priorityPoints(ticket.priority));
    this.slots.set(slot, ENTRY, this.facets.insert(slot, ticket, { classId: id, kind, step }));
    this.slots.set(slot, INTEREST_BITS, this.facets.interestBits(ticket));
    if (step < this.steps.length - 1) this.wheel.put(slot);
  }

  remove(ticketId: string): Ticket | undefined {
    const slot = this.slots.find(ticketId);
    const ticket = this.slots.ticket(slot);
    if (ticket === undefined) return undefined;
    this.wheel.takeOff(slot);
    this.classes.of(ticket).waiting--;
    this.facets.remove(this.slots.get(slot, ENTRY));
    this.kinds.release(this.slots.get(slot, KIND));
    this.slots.remove(slot);
    return ticket;
  }

  /** Brings the next one whose step has begun into that step. */
  takeDue(now: number): { ticket: Ticket; step: number } | null {
    const slot = this.wheel.takeDue(now);
    const ticket = this.slots.ticket(slot);
    if (ticket === undefined) return null;
    const from = this.slots.get(slot, STEP);
    // Never back, whatever the clock does.
    const step = Math.max(from + 1, stepOf(this.steps, ticket, now));
    this.slots.set(slot, STEP, step);
    this.facets.move(this.slots.get(slot, ENTRY), this.slots.get(slot, CLASS), from, step);
    if (step < this.steps.length - 1) this.wheel.put(slot);
    return { ticket, step };
  }

  /** When `takeDue` may have someone next. */
  nextDueAt(): number | null {
    return this.wheel.nextAt();
  }

  private nextStepAt(slot: number): number {
    const next = this.steps[this.slots.get(slot, STEP) + 1];
    return this.slots.since(slot) + (next?.afterMs ?? 0);
  }
}
