import { mayMeet, type Ticket } from '../../src/domain/pairing';

/**
 * How a small server usually does it: an array, gone through from the front, the first one allowed is taken. It
 * knows no score, no circles and no recent partners, which makes it faster than a fair comparison would.
 */
export class NaiveQueue {
  readonly waiting: Ticket[] = [];

  arrive(ticket: Ticket): Ticket | null {
    const index = this.waiting.findIndex((other) => mayMeet(ticket, other));
    const [partner] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (partner === undefined) this.waiting.push(ticket);
    return partner ?? null;
  }
}
