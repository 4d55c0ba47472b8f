import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from './ports/guest-store';
import type { Passwords } from './ports/passwords';
import type { PendingRegistration, PendingRegistrations } from './ports/pending-registrations';
import type { User, Users } from './ports/users';
import type { LoginThrottle } from './login-throttle';
import type { LoginSessions, Opened } from './login-sessions';
import type { AccountEventBus } from './account-events';
import type { AuditTrail } from './audit-trail';
import { tokenHash } from './token';
import type { Visit } from './visit';

export interface ConfirmationDeps {
  readonly users: Users;
  readonly registrations: PendingRegistrations;
  readonly guests: GuestStore;
  readonly passwords: Passwords;
  readonly loginSessions: LoginSessions;
  readonly loginThrottle: LoginThrottle;
  readonly auditTrail: AuditTrail;
  readonly accountEvents: AccountEventBus;
  readonly clock: Clock;
}

interface ConfirmationRequest {
  readonly token: string;
  readonly password: string;
}

/** Makes the account of a registration whose e-mail has been read (A2). */
export class Confirmation {
  constructor(private readonly deps: ConfirmationDeps) {}

  /**
   * Logs this browser in. The password is the one that was chosen at the registration: without it, whoever registers
   * with the address of another would own the account that the other one confirms. A guest who registered becomes the
   * account and keeps id, profile, blocks and statistics. A repeated request logs in again, since its first reply may
   * have been lost. Throws `DomainError` with `confirmation_invalid`, `wrong_credentials`, `rate_limited`.
   */
  async confirm(who: Identity | null, request: ConfirmationRequest, visit: Visit): Promise<Opened> {
    const { token, password } = request;
    const { registrations, passwords, loginThrottle, guests, clock } = this.deps;
    await loginThrottle.count('confirmAccount', visit, token);
    const registration = await registrations.byToken(tokenHash(token), clock.now());
    if (registration === null) throw invalid();
    if (!(await passwords.verify(registration.passwordHash, password))) {
      throw new DomainError(
        'wrong_credentials',
        'this is not the password that was chosen at the registration',
      );
    }
    const opened = await this.open(registration, request, visit);
    if (who?.userId === opened.userId && who.guestSession !== null) await guests.remove(who.guestSession);
    return opened;
  }

  private async open(
    registration: PendingRegistration,
    request: ConfirmationRequest,
    visit: Visit,
  ): Promise<Opened> {
    const { loginSessions, auditTrail } = this.deps;
    const existing = await this.existing(registration, request.password);
    const user = existing ?? (await this.make(registration, request, visit));
    const opened = await loginSessions.open(user, visit);
    if (opened === null) throw invalid();
    if (existing !== null) void auditTrail.recordAction('account.logged_in', user.id, visit);
    return opened;
  }

  /** The account that this address has by now. Another registration of it may have been confirmed first. */
  private async existing({ email }: PendingRegistration, password: string): Promise<User | null> {
    const { users, passwords } = this.deps;
    const user = await users.byEmail(email);
    if (user === null || (await passwords.verify(user.passwordHash, password))) return user;
    throw invalid();
  }

  private async make(
    registration: PendingRegistration,
    { token, password }: ConfirmationRequest,
    visit: Visit,
  ): Promise<User> {
    const { users, accountEvents, auditTrail, clock } = this.deps;
    const made = await users.addAccount({ ...registration, id: registration.userId }, clock.now());
    if (made === null) {
      // Another request made the account meanwhile, or the guest has become an account with another address.
      const meanwhile = await this.existing(registration, password);
      if (meanwhile !== null) return meanwhile;
    }
    const user =
      made ?? (await users.addAccount({ ...registration, id: `user_${randomUUID()}` }, clock.now()));
    if (user === null) throw invalid();
    await this.assertNotErased(user, token);
    accountEvents.becameAccount(user.id);
    void auditTrail.recordAction('account.registered', user.id, visit);
    return user;
  }

  /**
   * An erasure removes registrations before accounts. So either it finds the account that was just made, or its
   * registration is gone by now, and the account must not outlive the erasure. Whether the link has become too old
   * since it was read does not matter.
   */
  private async assertNotErased({ id }: User, token: string): Promise<void> {
    const { users, registrations, loginSessions, accountEvents } = this.deps;
    const isKept = (await registrations.byToken(tokenHash(token), 0)) !== null;
    if (isKept) return;
    await users.remove(id);
    // For somebody who has logged in meanwhile.
    await loginSessions.ended(id, null);
    accountEvents.erased(id);
    throw invalid();
  }
}

const invalid = (): DomainError =>
  new DomainError('confirmation_invalid', 'this link was used, is too old or unknown');
