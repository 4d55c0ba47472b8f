import { userIdOf } from '../../domain/users';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { Block, Users } from './ports/users';
import type { AccountEventBus } from './account-events';
import type { GuestPersistence } from './guest-persistence';

export interface BlocksDeps {
  readonly users: Users;
  readonly guestPersistence: GuestPersistence;
  readonly accountEvents: AccountEventBus;
  readonly clock: Clock;
}

/** The users whom a user never wants to meet again, kept beyond the visit (A3). */
export class Blocks {
  constructor(private readonly deps: BlocksDeps) {}

  /** Newest first. */
  async list(userId: string): Promise<Block[]> {
    const blocks = (await this.deps.users.get(userId))?.blocks ?? [];
    return [...blocks].sort((one, other) => other.at - one.at);
  }

  /**
   * Holds for all windows of both users: for those that are open at once, for later ones once it is kept. Idempotent.
   * `false`: nothing is kept of this guest, so the block holds for this visit only.
   */
  async block(
    identity: Identity,
    other: { readonly userId: string; readonly name: string },
  ): Promise<boolean> {
    const { users, guestPersistence, accountEvents, clock } = this.deps;
    const [userId, otherId] = [userIdOf(identity.userId), userIdOf(other.userId)];
    accountEvents.blocked(userId, otherId);
    if (!(await guestPersistence.ensure(identity))) return false;
    await users.block(userId, { userId: otherId, name: other.name, at: clock.now() });
    // Repeated: a window that opened meanwhile may have read the blocks before this one was among them.
    accountEvents.blocked(userId, otherId);
    return true;
  }

  /** Ignored when there is no such block. */
  async unblock(userId: string, otherId: string): Promise<void> {
    const { users, accountEvents, clock } = this.deps;
    await users.unblock(userId, otherId, clock.now());
    accountEvents.unblocked(userId, otherId);
  }
}
