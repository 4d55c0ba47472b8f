import { randomUUID } from 'node:crypto';
import { guestName } from '../../domain/names';
import { dayOf } from '../../domain/days';
import { isOldEnough } from '../../domain/people';
import { Refusal } from '../../domain/refusal';
import { couldBeBirthDate } from '../../protocol';
import type { Identity } from '../people/identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from '../ports/guest-store';
import type { Passwords } from '../ports/passwords';
import type { Users } from '../ports/users';
import type { Attempts } from './attempts';
import type { Entrance, Opened } from './entrance';
import type { AccountNews } from './events';
import type { Notes } from './notes';
import type { Visit } from './visit';

export interface RegistrationDeps {
  readonly users: Users;
  readonly guests: GuestStore;
  readonly passwords: Passwords;
  readonly entrance: Entrance;
  readonly attempts: Attempts;
  readonly notes: Notes;
  readonly news: AccountNews;
  readonly clock: Clock;
  readonly minimumAge: number;
}

export interface NewPerson {
  readonly email: string;
  readonly password: string;
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly name?: string | undefined;
}

/** Makes accounts (A2). */
export class Registration {
  constructor(private readonly deps: RegistrationDeps) {}

  /**
   * A guest becomes the account: id, name, profile, blocks and statistics stay theirs. Logs this browser in.
   * Throws `Refusal` with `too_young`, `email_taken`, `rate_limited`.
   */
  async register(who: Identity | null, person: NewPerson, visit: Visit): Promise<Opened> {
    const { users, guests, passwords, entrance, attempts, news, clock } = this.deps;
    this.checkAge(person.birthDate);
    await attempts.count('register', visit);
    const guest = who?.isAnonymous === true && who.guestSession !== null ? who : null;
    const user = await users.addAccount(
      {
        id: guest?.userId ?? `user_${randomUUID()}`,
        name: person.name ?? guest?.name ?? guestName(Math.random),
        email: person.email,
        passwordHash: await passwords.hash(person.password),
        birthDate: person.birthDate,
      },
      clock.now(),
    );
    const opened = await entrance.open(user.id, visit);
    if (guest?.guestSession != null) await guests.remove(guest.guestSession);
    if (guest !== null) news.becameAccount(user.id);
    void this.deps.notes.did('account.registered', user.id, visit);
    return opened;
  }

  private checkAge(birthDate: string): void {
    const { clock, minimumAge } = this.deps;
    const today = dayOf(clock.now());
    if (!couldBeBirthDate(birthDate, today)) {
      throw new Refusal('bad_data', 'not as it should be: birthDate');
    }
    if (!isOldEnough(birthDate, today, minimumAge)) {
      throw new Refusal('too_young', `an account here needs an age of ${minimumAge}`);
    }
  }
}
