import { userIdOf } from '../../domain/users';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from './ports/guest-store';
import type { Users } from './ports/users';

/** Makes sure that a user has a record before something is kept of them: guests have none until then. */
export class GuestPersistence {
  constructor(
    private readonly users: Pick<Users, 'keepGuest' | 'get'>,
    private readonly guests: GuestStore,
    private readonly clock: Clock,
  ) {}

  /**
   * `false`: nothing is kept of this user. They are a guest of one window alone, or their session is over, because
   * the guest was erased or expired.
   */
  async ensure({ userId: peerId, isAnonymous, guestSession }: Identity): Promise<boolean> {
    if (!isAnonymous) return true;
    if (guestSession === null) return false;
    const userId = userIdOf(peerId);
    const now = this.clock.now();
    const guest = await this.guests.use(guestSession, now);
    // Another window may have made an account of the guest, which goes on under the same id.
    if (guest?.id !== userId) return (await this.users.get(userId))?.isAnonymous === false;
    await this.users.keepGuest({ id: userId, name: guest.username }, now);
    return true;
  }
}
