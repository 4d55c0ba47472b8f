import { BlockArena } from './block-arena';
import { NONE } from './table';
import type { InterestNumbers } from './seeker';
import { INTEREST_BITS, INTEREST_BLOCK, INTEREST_COUNT, type Slots } from './slots';

/**
 * The interests of waiting tickets as numbers: counting shared ones by their texts would fetch half a dozen objects
 * from all over the heap for each candidate.
 */
export class Interests {
  private readonly blocks = new BlockArena();

  constructor(private readonly slots: Slots) {}

  keep(slot: number, { ids, bits }: InterestNumbers): void {
    let block = NONE;
    if (ids.length > 0) {
      block = this.blocks.allocate(sizeFor(ids.length));
      for (let at = 0; at < ids.length; at += 2) {
        this.blocks.set(block, at >> 1, ids[at] ?? NONE, ids[at + 1] ?? NONE);
      }
    }
    this.slots.set(slot, INTEREST_COUNT, ids.length);
    this.slots.set(slot, INTEREST_BLOCK, block);
    this.slots.set(slot, INTEREST_BITS, bits);
  }

  drop(slot: number): void {
    const block = this.slots.get(slot, INTEREST_BLOCK);
    if (block !== NONE) this.blocks.release(block, sizeFor(this.slots.get(slot, INTEREST_COUNT)));
  }

  /** How many of these this slot has too. */
  sharedWith(slot: number, { ids, bits }: InterestNumbers): number {
    if ((bits & this.slots.get(slot, INTEREST_BITS)) === 0) return 0;
    const block = this.slots.get(slot, INTEREST_BLOCK);
    const pairs = (this.slots.get(slot, INTEREST_COUNT) + 1) >> 1;
    let shared = 0;
    for (let at = 0; at < pairs; at++) {
      const value = this.blocks.value(block, at);
      if (ids.includes(this.blocks.key(block, at))) shared++;
      if (value !== NONE && ids.includes(value)) shared++;
    }
    return shared;
  }
}

/** The smallest block that holds so many numbers, two in a pair. */
function sizeFor(count: number): number {
  let size = 0;
  while (2 << size < count) size++;
  return size;
}
