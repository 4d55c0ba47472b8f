import { randomUUID } from 'node:crypto';
import { guestName } from '../../domain/names';
import { dayOf } from '../../domain/days';
import { isOldEnough } from '../../domain/users';
import { DomainError } from '../../domain/error';
import { couldBeBirthDate } from '../../protocol';
import type { Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { GuestStore } from './ports/guest-store';
import type { Mailer } from './ports/mailer';
import type { Passwords } from './ports/passwords';
import type { PendingRegistrations } from './ports/pending-registrations';
import type { Users } from './ports/users';
import type { LoginThrottle } from './login-throttle';
import type { AuditTrail } from './audit-trail';
import { newToken, tokenHash } from './token';
import type { Visit } from './visit';

/** How long the link in the e-mail can be used. */
export const CONFIRMATION_LIFE_MS = 24 * 3_600_000;

export interface RegistrationDeps {
  readonly users: Pick<Users, 'byEmail'>;
  readonly registrations: PendingRegistrations;
  readonly guests: Pick<GuestStore, 'use'>;
  readonly passwords: Passwords;
  readonly loginThrottle: LoginThrottle;
  readonly mailer: Mailer;
  readonly auditTrail: AuditTrail;
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

/** Takes registrations. The account is made when the link in the e-mail is opened (A2). */
export class Registration {
  constructor(private readonly deps: RegistrationDeps) {}

  /**
   * Sends an e-mail: with a link that makes the account or, where the address has an account, with words that say so.
   * The reply does not show which, and both take the same steps: hash, look up, write, send. Nor does it show that the
   * address was sent too many mails of late; then none follows, and the registration is removed. Throws `DomainError`
   * with `too_young`, `rate_limited`, `records_unavailable`, and `not_found` where the guest was erased meanwhile.
   */
  async register(who: Identity | null, request: RegistrationRequest, visit: Visit): Promise<void> {
    const { users, registrations, passwords, loginThrottle, mailer, auditTrail, clock } = this.deps;
    const { email, birthDate } = request;
    this.checkAge(birthDate);
    await loginThrottle.count('register', visit, email);
    const guest = who?.isAnonymous === true && who.guestSession !== null ? who : null;
    const name = request.name ?? guest?.name ?? guestName(Math.random);
    const passwordHash = await passwords.hash(request.password);
    const holder = await users.byEmail(email);
    const token = newToken();
    const now = clock.now();
    const id = randomUUID();
    await registrations.add({
      id,
      tokenHash: tokenHash(token),
      userId: guest?.userId ?? `user_${randomUUID()}`,
      ...{ name, email, passwordHash, birthDate },
      createdAt: now,
      expiresAt: now + CONFIRMATION_LIFE_MS,
    });
    if (guest !== null) await this.assertNotErased(guest, id);
    const mayMail = await loginThrottle.mayMail('register', email);
    // Without the link in the mail, nobody could confirm it.
    if (!mayMail) await registrations.remove(id);
    void auditTrail.recordAttempt('account.registration_asked', holder?.id ?? null, visit);
    if (!mayMail) return;
    // To the address as its account has it. The name of the registration stays out of the e-mail: whoever registers
    // with the address of another could use it to write to them.
    const to = { email: holder?.email ?? email, name: holder?.name ?? '', languages: visit.languages };
    mailer.send(to, holder === null ? { kind: 'confirm_account', token } : { kind: 'already_registered' });
  }

  /**
   * An erasure removes a guest's session before it removes their registrations for the last time. So either it finds
   * the registration that was just kept, or the session is gone by now, and the registration must not outlive the
   * erasure: its account would have the id of the erased guest.
   */
  private async assertNotErased({ guestSession }: Identity, registrationId: string): Promise<void> {
    const { guests, registrations, clock } = this.deps;
    let isKept = false;
    try {
      isKept = guestSession !== null && (await guests.use(guestSession, clock.now())) !== null;
    } finally {
      if (!isKept) await registrations.remove(registrationId);
    }
    if (!isKept) throw new DomainError('not_found', 'the guest who registers was erased meanwhile');
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
