import { DomainError } from '../../domain/error';
import { userIdOf } from '../../domain/users';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { Blocker } from './ports/block-journal';
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

  /**
   * In whose record a block is written later; it is not made now. Null: nothing is kept of this user, as with `ensure`.
   * A guest whose session cannot be looked up is here, so they were let in with it.
   */
  async blockerOf({ userId: peerId, isAnonymous, guestSession, name }: Identity): Promise<Blocker | null> {
    const userId = userIdOf(peerId);
    if (!isAnonymous) return { userId, guestName: null };
    if (guestSession === null) return null;
    try {
      const guest = await this.guests.use(guestSession, this.clock.now());
      if (guest?.id === userId) return { userId, guestName: guest.username };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { userId, guestName: name };
    }
    return (await this.users.get(userId))?.isAnonymous === false ? { userId, guestName: null } : null;
  }
}
