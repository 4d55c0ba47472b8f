import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { Passwords } from './ports/passwords';
import type { User, Users } from './ports/users';
import type { LoginThrottle } from './login-throttle';
import type { LoginSessions, Opened } from './login-sessions';
import type { AuditTrail } from './audit-trail';
import type { Visit } from './visit';
import type { ErrorReporter } from '../ports/error-reporter';

export interface LoginServiceDeps {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly loginSessions: LoginSessions;
  readonly loginThrottle: LoginThrottle;
  readonly auditTrail: AuditTrail;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** Logs users in with e-mail address and password, and out again (A2). */
export class LoginService {
  constructor(private readonly deps: LoginServiceDeps) {}

  /**
   * An address without an account gets the same reply as a wrong password, just as slowly. Throws `DomainError` with
   * `wrong_credentials`, `rate_limited`.
   */
  async logIn({ email, password }: { email: string; password: string }, visit: Visit): Promise<Opened> {
    const { users, passwords, loginSessions, loginThrottle, auditTrail } = this.deps;
    await loginThrottle.count('logIn', visit, email);
    const user = await users.byEmail(email);
    const fits = await passwords.verify(user?.passwordHash ?? null, password);
    if (user === null || !fits) {
      void auditTrail.recordAttempt('account.log_in_failed', user?.id ?? null, visit, 'wrong_credentials');
      throw wrong();
    }
    const opened = await loginSessions.open(user, visit);
    if (opened === null) throw wrong();
    void auditTrail.recordAction('account.logged_in', user.id, visit);
    this.renewHash(user, password);
    return opened;
  }

  /** Ends the log-in of this browser, if it has one. */
  async logOut(token: string | null, visit: Visit): Promise<void> {
    const userId = token === null ? null : await this.deps.loginSessions.endByToken(token);
    if (userId !== null) void this.deps.auditTrail.recordAction('account.logged_out', userId, visit);
  }

  /** Not awaited: until it is done, the old hash still fits. */
  private renewHash({ id, passwordHash }: User, password: string): void {
    const { users, passwords, clock, reportError } = this.deps;
    if (passwordHash === null || !passwords.isOutdated(passwordHash)) return;
    passwords
      .hash(password)
      .then((renewed) => users.renewHash(id, renewed, clock.now(), passwordHash))
      .catch((error: unknown) => {
        if (!(error instanceof DomainError)) reportError(error, 'a password could not be hashed again');
      });
  }
}

const wrong = (): DomainError =>
  new DomainError('wrong_credentials', 'e-mail address and password do not fit together');
