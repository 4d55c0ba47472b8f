import { NONE } from './table';
import { WHEEL_PLACE, type Slots } from './slots';

/** How exactly steps are kept: a step comes up to this much late. */
export const TICK_MS = 50;
/** Places on the wheel. What is due later than one turn stays in its place for another one. */
const PLACES = 1024;
/** A further ring for slots that are due and have not been taken yet. */
const DUE = PLACES;

/**
 * When each slot reaches its next step: a wheel of rings instead of a timer a ticket. Adding and removing a slot
 * costs the same however many wait.
 */
export class StepWheel {
  private readonly rings = new Int32Array(PLACES + 1).fill(NONE);
  /** The first tick that has not been gone through. */
  private cursor: number;
  private turning = 0;

  constructor(
    private readonly slots: Slots,
    /** When the next step of this slot begins. */
    private readonly dueAt: (slot: number) => number,
    now: number,
  ) {
    this.cursor = tickOf(now);
  }

  put(slot: number): void {
    const tick = Math.max(this.cursor, tickOf(this.dueAt(slot)));
    this.link(slot, tick % PLACES);
  }

  takeOff(slot: number): void {
    const place = this.slots.get(slot, WHEEL_PLACE);
    if (place === NONE) return;
    this.rings[place] = this.slots.takeOut(this.rings[place] ?? NONE, slot);
    this.slots.set(slot, WHEEL_PLACE, NONE);
    this.turning--;
  }

  /** Takes off the next slot whose step has begun, or answers NONE. */
  takeDue(now: number): number {
    this.turnTo(tickOf(now));
    const slot = this.rings[DUE] ?? NONE;
    if (slot !== NONE) this.takeOff(slot);
    return slot;
  }

  /** When a slot may be due next, or null when no slot is on the wheel. */
  nextAt(): number | null {
    if (this.turning === 0) return null;
    if (this.rings[DUE] !== NONE) return this.cursor * TICK_MS;
    for (let ahead = 0; ahead < PLACES; ahead++) {
      const tick = this.cursor + ahead;
      if (this.rings[tick % PLACES] !== NONE) return (tick + 1) * TICK_MS;
    }
    return null;
  }

  /** Goes through the ticks that are over by then. In each, all slots are due that are not there for a later turn. */
  private turnTo(tick: number): void {
    // A clock that jumped far ahead: one turn reaches every place.
    const from = Math.max(this.cursor, tick - PLACES);
    this.cursor = Math.max(this.cursor, tick);
    for (let at = from; at < tick && this.turning > 0; at++) this.sortOut(at % PLACES, tick);
  }

  private sortOut(place: number, tick: number): void {
    let slot = this.rings[place] ?? NONE;
    this.rings[place] = NONE;
    while (slot !== NONE) {
      const rest = this.slots.takeOut(slot, slot);
      this.turning--;
      const due = tickOf(this.dueAt(slot));
      this.link(slot, due < tick ? DUE : due % PLACES);
      slot = rest;
    }
  }

  private link(slot: number, place: number): void {
    this.rings[place] = this.slots.append(this.rings[place] ?? NONE, slot);
    this.slots.set(slot, WHEEL_PLACE, place);
    this.turning++;
  }
}

const tickOf = (at: number): number => Math.floor(at / TICK_MS);
