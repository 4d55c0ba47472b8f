import type { Identity } from '../people/identity';
import type { Clock } from '../ports/clock';
import type { CountedCall, Users } from '../ports/users';
import type { KeptPeople } from './kept-people';

/** Counts people's calls in their own statistics (A3). */
export class CallCounter {
  constructor(
    private readonly users: Pick<Users, 'countCall'>,
    private readonly kept: KeptPeople,
    private readonly clock: Clock,
  ) {}

  /** Once for each call, however often it is told. `false`: nothing is kept of this guest. */
  async countCall(identity: Identity, call: CountedCall): Promise<boolean> {
    if (!(await this.kept.ensure(identity))) return false;
    await this.users.countCall(identity.userId, call, this.clock.now());
    return true;
  }
}
