import type { Clock } from '../ports/clock';
import type { AccountEventBus } from './account-events';

/** As long as an identity that was read before is accepted while the records are away. */
const REMEMBERED_MS = 6 * 3_600_000;
const MOST_REMEMBERED = 20_000;

/**
 * Blocks that were made lately, on any node. The records may not have them yet: they are written when the store can be
 * reached, and a new window reads only what is there.
 */
export class LatelyBlocked {
  /** By the user who blocks, longest unchanged first. */
  private readonly byUser = new Map<string, { readonly others: Set<string>; at: number }>();

  /** @param accountEvents those of all nodes */
  constructor(
    private readonly clock: Pick<Clock, 'elapsed'>,
    accountEvents: Pick<AccountEventBus, 'on'>,
  ) {
    accountEvents.on({
      blocked: (userId, otherId) => this.remember(userId, otherId),
      unblocked: (userId, otherId) => void this.byUser.get(userId)?.others.delete(otherId),
      erased: (userId) => void this.byUser.delete(userId),
    });
  }

  /** The users whom this one has blocked lately. */
  of(userId: string): readonly string[] {
    const known = this.byUser.get(userId);
    return known === undefined || this.clock.elapsed() - known.at > REMEMBERED_MS ? [] : [...known.others];
  }

  private remember(userId: string, otherId: string): void {
    const others = this.byUser.get(userId)?.others ?? new Set();
    others.add(otherId);
    this.byUser.delete(userId);
    this.byUser.set(userId, { others, at: this.clock.elapsed() });
    const [oldest] = this.byUser.keys();
    if (this.byUser.size > MOST_REMEMBERED && oldest !== undefined) this.byUser.delete(oldest);
  }
}
