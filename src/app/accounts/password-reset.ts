import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { Mailer } from './ports/mailer';
import type { PasswordResets } from './ports/password-resets';
import type { Passwords } from './ports/passwords';
import type { User, Users } from './ports/users';
import type { LoginThrottle } from './login-throttle';
import type { PasswordReplacement } from './password-replacement';
import type { AuditTrail } from './audit-trail';
import { newToken, tokenHash } from './token';
import type { Visit } from './visit';
import type { ErrorReporter } from '../ports/error-reporter';

export const RESET_LIFE_MS = 3_600_000;
/** Every request is answered after this time, which is longer than finding out whether there is an account. */
export const ASK_ANSWER_MS = 250;

export interface PasswordResetDeps {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly resets: PasswordResets;
  readonly replacement: PasswordReplacement;
  readonly loginThrottle: LoginThrottle;
  readonly mailer: Mailer;
  readonly auditTrail: AuditTrail;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** Sets a new password for users who forgot theirs, by way of an e-mail (A2). */
export class PasswordReset {
  constructor(private readonly deps: PasswordResetDeps) {}

  /**
   * Sends an e-mail if there is such an account which was not sent too many of them of late. Neither the reply nor its
   * time shows whether it does. Throws `DomainError` with `rate_limited`.
   */
  async ask(email: string, visit: Visit): Promise<void> {
    const { users, loginThrottle, auditTrail, clock, reportError } = this.deps;
    await loginThrottle.count('askReset', visit, email);
    const answer = new Promise<void>((resolve) => void clock.after(ASK_ANSWER_MS, resolve));
    const user = await users.byEmail(email);
    void auditTrail.recordAttempt('account.reset_asked', user?.id ?? null, visit);
    const mayMail = await loginThrottle.mayMail('askReset', email);
    if (user !== null && mayMail) {
      this.write(user, visit.languages).catch((error: unknown) => {
        if (!(error instanceof DomainError)) reportError(error, 'a password reset could not be started');
      });
    }
    await answer;
  }

  /** Sets the password and logs out every device. Throws `DomainError` with `reset_invalid`, `rate_limited`. */
  async reset(token: string, password: string, visit: Visit): Promise<void> {
    const { passwords, replacement, loginThrottle, auditTrail, mailer } = this.deps;
    await loginThrottle.count('useReset', visit);
    const { user, isUsed } = await this.holder(token);
    if (isUsed) {
      // A repeated request whose first reply was lost. Whoever has the token and knows the password may know this.
      if (await passwords.verify(user.passwordHash, password)) return;
      throw invalid();
    }
    // The present password is part of the write: of several uses of one token at once, one succeeds.
    if (!(await replacement.replace(user, await passwords.hash(password), null))) throw invalid();
    void auditTrail.recordAction('account.reset_done', user.id, visit);
    if (user.email === null) return;
    const to = { email: user.email, name: user.name, languages: visit.languages };
    mailer.send(to, { kind: 'password_changed' });
  }

  /** The user whose reset this is. Used: the user's password has been changed since the token was made. */
  private async holder(token: string): Promise<{ readonly user: User; readonly isUsed: boolean }> {
    const { users, resets, clock } = this.deps;
    const reset = await resets.byToken(tokenHash(token), clock.now());
    const user = reset === null ? null : await users.get(reset.userId);
    if (reset === null || user === null) throw invalid();
    return { user, isUsed: reset.generation !== user.logInGeneration };
  }

  private async write({ id, email, name, logInGeneration }: User, languages: string): Promise<void> {
    const { resets, mailer, clock } = this.deps;
    if (email === null) return;
    const now = clock.now();
    const token = newToken();
    // Only the newest e-mail is valid.
    await resets.removeAll(id);
    await resets.add({
      id: randomUUID(),
      tokenHash: tokenHash(token),
      userId: id,
      generation: logInGeneration,
      createdAt: now,
      expiresAt: now + RESET_LIFE_MS,
    });
    mailer.send({ email, name, languages }, { kind: 'reset', token });
  }
}

const invalid = (): DomainError =>
  new DomainError('reset_invalid', 'this letter was used, is too old or unknown');
