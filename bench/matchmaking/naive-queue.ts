import { mayMeet, shardName, shardOf, type Ticket } from '../../src/domain/pairing';

/**
 * How a small server usually does it: an array for each mode, gone through from the front, the first one allowed is
 * taken. It knows no score, no circles and no recent partners, which makes it faster than a fair comparison would.
 */
export class NaiveQueue {
  private readonly shards = new Map<string, Ticket[]>();

  /** Somebody waits, without anybody being looked for. */
  add(ticket: Ticket): void {
    this.shardOf(ticket).push(ticket);
  }

  arrive(ticket: Ticket): Ticket | null {
    const waiting = this.shardOf(ticket);
    const index = waiting.findIndex((other) => mayMeet(ticket, other));
    const [partner] = index < 0 ? [] : waiting.splice(index, 1);
    if (partner === undefined) waiting.push(ticket);
    return partner ?? null;
  }

  private shardOf(ticket: Ticket): Ticket[] {
    const name = shardName(shardOf(ticket));
    const known = this.shards.get(name);
    if (known !== undefined) return known;
    const made: Ticket[] = [];
    this.shards.set(name, made);
    return made;
  }
}
