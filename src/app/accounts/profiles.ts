import { dayOf } from '../../domain/days';
import { DEFAULT_PROFILE, ageBandOf } from '../../domain/users';
import { DomainError } from '../../domain/error';
import { ageOn, type Me, type Profile } from '../../protocol';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from './ports/guest-store';
import type { Statistics, User, Users } from './ports/users';
import type { AccountEventBus } from './account-events';
import type { GuestPersistence } from './guest-persistence';

export interface ProfilesDeps {
  readonly users: Users;
  readonly guests: GuestStore;
  readonly guestPersistence: GuestPersistence;
  readonly accountEvents: AccountEventBus;
  readonly clock: Clock;
}

const NO_STATISTICS: Statistics = { calls: 0, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 };

/** What users say about themselves and whom they would like to meet, and what they have done here (A3). */
export class Profiles {
  constructor(private readonly deps: ProfilesDeps) {}

  async of(identity: Identity): Promise<Omit<Me, 'plan'>> {
    const { users, guests, clock } = this.deps;
    const user = await users.get(identity.userId);
    if (user !== null) return aboutUser(user, clock.now());
    const { userId, name, isAnonymous, guestSession } = identity;
    // An account without a record was erased a moment ago.
    if (!isAnonymous) throw new DomainError('log_in_first', 'there is no such account any more');
    const guest = guestSession === null ? null : await guests.use(guestSession, clock.now());
    return {
      id: userId,
      name,
      isAnonymous,
      email: null,
      birthDate: null,
      ageBand: null,
      profile: DEFAULT_PROFILE,
      createdAt: guest?.createdAt ?? clock.now(),
    };
  }

  async change(
    identity: Identity,
    {
      name,
      profile,
    }: { readonly name?: string | undefined; readonly profile?: Partial<Profile> | undefined },
  ): Promise<void> {
    const { users, guests, guestPersistence, accountEvents, clock } = this.deps;
    const { userId, guestSession } = identity;
    const changed =
      (await guestPersistence.ensure(identity)) &&
      (await users.change(
        userId,
        { ...(name === undefined ? {} : { name }), ...(profile === undefined ? {} : { profile }) },
        clock.now(),
      ));
    if (!changed) throw new DomainError('log_in_first', 'this user is not known here any more');
    if (name === undefined) return;
    if (guestSession !== null) await guests.change(guestSession, { username: name }, clock.now());
    accountEvents.renamed(userId, name);
  }

  async statistics({ userId }: Identity): Promise<Statistics> {
    return (await this.deps.users.get(userId))?.statistics ?? NO_STATISTICS;
  }
}

const aboutUser = (user: User, now: number): Omit<Me, 'plan'> => ({
  id: user.id,
  name: user.name,
  isAnonymous: user.isAnonymous,
  email: user.email,
  birthDate: user.birthDate,
  ageBand: user.birthDate === null ? null : ageBandOf(ageOn(user.birthDate, dayOf(now))),
  profile: user.profile,
  createdAt: user.createdAt,
});
