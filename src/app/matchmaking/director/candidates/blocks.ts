import { userIdOf } from '../../../../domain/users';
import type { Ticket } from '../../../../domain/pairing';

/** Lists up to this length are read through faster than looked up. */
const SHORT = 16;

/** Which peers block each other, fast even for peers who have blocked very many. */
export class Blocks {
  private readonly longLists = new WeakMap<Ticket, ReadonlySet<string>>();

  between(a: Ticket, b: Ticket): boolean {
    return this.blocks(a, b.peerId) || this.blocks(b, a.peerId);
  }

  private blocks(by: Ticket, peerId: string): boolean {
    if (by.blocked.length === 0) return false;
    const userId = userIdOf(peerId);
    if (by.blocked.length <= SHORT) return by.blocked.includes(userId);
    let list = this.longLists.get(by);
    if (list === undefined) {
      list = new Set(by.blocked);
      this.longLists.set(by, list);
    }
    return list.has(userId);
  }
}
