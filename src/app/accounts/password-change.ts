import type { Mailer } from './ports/mailer';
import type { Passwords } from './ports/passwords';
import type { AuditTrail } from './audit-trail';
import type { PasswordReplacement } from './password-replacement';
import { wrongPassword, type Reauthentication } from './reauthentication';
import type { Visit } from './visit';

export interface PasswordChangeDeps {
  readonly passwords: Passwords;
  readonly replacement: PasswordReplacement;
  readonly reauthentication: Reauthentication;
  readonly mailer: Mailer;
  readonly auditTrail: AuditTrail;
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
    const { passwords, replacement, mailer, auditTrail, reauthentication } = this.deps;
    const user = await reauthentication.prove(userId, current, visit);
    if (!(await replacement.replace(user, await passwords.hash(next), logInId))) throw wrongPassword();
    void auditTrail.recordAction('account.password_changed', userId, visit);
    mailer.send({ ...user, languages: visit.languages }, { kind: 'password_changed' });
  }
}
