import { randomUUID } from 'node:crypto';
import { guestName } from '../../domain/names';
import { dayOf } from '../../domain/days';
import { isOldEnough } from '../../domain/users';
import { DomainError } from '../../domain/error';
import { couldBeBirthDate } from '../../protocol';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from './ports/guest-store';
import type { Passwords } from './ports/passwords';
import type { Users } from './ports/users';
import type { LoginThrottle } from './login-throttle';
import type { LoginSessions, Opened } from './login-sessions';
import type { AccountEventBus } from './account-events';
import type { AuditTrail } from './audit-trail';
import type { Visit } from './visit';

export interface RegistrationDeps {
  readonly users: Users;
  readonly guests: GuestStore;
  readonly passwords: Passwords;
  readonly loginSessions: LoginSessions;
  readonly loginThrottle: LoginThrottle;
  readonly auditTrail: AuditTrail;
  readonly accountEvents: AccountEventBus;
  readonly clock: Clock;
  readonly minimumAge: number;
}

export interface RegistrationRequest {
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
   * A guest becomes the account and keeps id, name, profile, blocks and statistics. Logs this browser in.
   * Throws `DomainError` with `too_young`, `email_taken`, `rate_limited`.
   */
  async register(who: Identity | null, request: RegistrationRequest, visit: Visit): Promise<Opened> {
    const { users, guests, passwords, loginSessions, loginThrottle, accountEvents, clock } = this.deps;
    this.checkAge(request.birthDate);
    await loginThrottle.count('register', visit);
    const guest = who?.isAnonymous === true && who.guestSession !== null ? who : null;
    const user = await users.addAccount(
      {
        id: guest?.userId ?? `user_${randomUUID()}`,
        name: request.name ?? guest?.name ?? guestName(Math.random),
        email: request.email,
        passwordHash: await passwords.hash(request.password),
        birthDate: request.birthDate,
      },
      clock.now(),
    );
    const opened = await loginSessions.open(user, visit);
    if (guest?.guestSession != null) await guests.remove(guest.guestSession);
    if (guest !== null) accountEvents.becameAccount(user.id);
    void this.deps.auditTrail.recordAction('account.registered', user.id, visit);
    return opened;
  }

  private checkAge(birthDate: string): void {
    const { clock, minimumAge } = this.deps;
    const today = dayOf(clock.now());
    if (!couldBeBirthDate(birthDate, today)) {
      throw new DomainError('bad_data', 'not as it should be: birthDate');
    }
    if (!isOldEnough(birthDate, today, minimumAge)) {
      throw new DomainError('too_young', `an account here needs an age of ${minimumAge}`);
    }
  }
}
