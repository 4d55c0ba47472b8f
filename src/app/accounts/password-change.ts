import type { Clock } from '../ports/clock';
import type { Mailer } from './ports/mailer';
import type { PasswordResets } from './ports/password-resets';
import type { Passwords } from './ports/passwords';
import type { Users } from './ports/users';
import type { LoginSessions } from './login-sessions';
import type { AuditTrail } from './audit-trail';
import { wrongPassword, type Reauthentication } from './reauthentication';
import type { Visit } from './visit';

export interface PasswordChangeDeps {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly resets: PasswordResets;
  readonly loginSessions: LoginSessions;
  readonly reauthentication: Reauthentication;
  readonly mailer: Mailer;
  readonly auditTrail: AuditTrail;
  readonly clock: Clock;
}

/** Sets a new password for users who are logged in and give their present one (A2). */
export class PasswordChange {
  constructor(private readonly deps: PasswordChangeDeps) {}

  /** Logs out every other device. Throws `DomainError` with `wrong_credentials`, `rate_limited`. */
  async change(
    { userId, logInId }: { readonly userId: string; readonly logInId: string },
    { current, next }: { readonly current: string; readonly next: string },
    visit: Visit,
  ): Promise<void> {
    const { users, passwords, resets, loginSessions, mailer, auditTrail, clock, reauthentication } =
      this.deps;
    const user = await reauthentication.prove(userId, current, visit);
    const changed = await users.setPassword(
      userId,
      await passwords.hash(next),
      clock.now(),
      user.passwordHash,
    );
    if (!changed) throw wrongPassword();
    await resets.removeAll(userId);
    await loginSessions.endAll(userId, logInId);
    void auditTrail.recordAction('account.password_changed', userId, visit);
    mailer.send({ ...user, languages: visit.languages }, { kind: 'password_changed' });
  }
}
