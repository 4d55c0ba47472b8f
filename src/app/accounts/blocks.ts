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

  /** Idempotent. `false`: nothing is kept of this guest, so the block holds for this visit only. */
  async block(
    identity: Identity,
    other: { readonly userId: string; readonly name: string },
  ): Promise<boolean> {
    const { users, guestPersistence, clock } = this.deps;
    if (!(await guestPersistence.ensure(identity))) return false;
    await users.block(identity.userId, { userId: other.userId, name: other.name, at: clock.now() });
    return true;
  }

  /** Ignored when there is no such block. */
  async unblock(userId: string, otherId: string): Promise<void> {
    const { users, accountEvents, clock } = this.deps;
    await users.unblock(userId, otherId, clock.now());
    accountEvents.unblocked(userId, otherId);
  }
}
