import type { Identity } from '../people/identity';
import type { Clock } from '../ports/clock';
import type { Block, Users } from '../ports/users';
import type { AccountNews } from './events';
import type { KeptPeople } from './kept-people';

export interface BlocksDeps {
  readonly users: Users;
  readonly kept: KeptPeople;
  readonly news: AccountNews;
  readonly clock: Clock;
}

/** Whom people never want to meet again, beyond the visit (A3). */
export class Blocks {
  constructor(private readonly deps: BlocksDeps) {}

  /** Newest first. */
  async list(userId: string): Promise<Block[]> {
    const blocks = (await this.deps.users.get(userId))?.blocks ?? [];
    return [...blocks].sort((one, other) => other.at - one.at);
  }

  /** Once, however often it is asked. `false`: nothing is kept of this guest, so it holds for this visit only. */
  async block(
    identity: Identity,
    other: { readonly userId: string; readonly name: string },
  ): Promise<boolean> {
    const { users, kept, clock } = this.deps;
    if (!(await kept.ensure(identity))) return false;
    await users.block(identity.userId, { userId: other.userId, name: other.name, at: clock.now() });
    return true;
  }

  /** Whom nobody blocked is left alone. */
  async unblock(userId: string, otherId: string): Promise<void> {
    const { users, news, clock } = this.deps;
    await users.unblock(userId, otherId, clock.now());
    news.unblocked(userId, otherId);
  }
}
