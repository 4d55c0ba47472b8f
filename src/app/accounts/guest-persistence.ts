import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from './ports/guest-store';
import type { Users } from './ports/users';

/** Sees to it that there is a record of a person to keep something in: guests have none until there is something. */
export class GuestPersistence {
  constructor(
    private readonly users: Pick<Users, 'keepGuest'>,
    private readonly guests: GuestStore,
    private readonly clock: Clock,
  ) {}

  /**
   * `false`: nothing is kept of this person. They are a guest of one window alone, or their session is over: it was
   * erased, became an account, or ran out.
   */
  async ensure({ userId, isAnonymous, guestSession }: Identity): Promise<boolean> {
    if (!isAnonymous) return true;
    if (guestSession === null) return false;
    const now = this.clock.now();
    const guest = await this.guests.use(guestSession, now);
    if (guest?.id !== userId) return false;
    await this.users.keepGuest({ id: userId, name: guest.username }, now);
    return true;
  }
}
