import { userIdOf } from '../../domain/users';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { CountedCall, Users } from './ports/users';
import type { GuestPersistence } from './guest-persistence';

/** Counts users' calls in their own statistics (A3). */
export class CallCounter {
  constructor(
    private readonly users: Pick<Users, 'countCall'>,
    private readonly guestPersistence: GuestPersistence,
    private readonly clock: Clock,
  ) {}

  /** Counts each call once, however often this is called. `false`: nothing is kept of this guest. */
  async countCall(identity: Identity, call: CountedCall): Promise<boolean> {
    if (!(await this.guestPersistence.ensure(identity))) return false;
    await this.users.countCall(userIdOf(identity.userId), call, this.clock.now());
    return true;
  }
}
