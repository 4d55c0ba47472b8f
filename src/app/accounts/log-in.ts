import { Refusal } from '../../domain/refusal';
import type { Clock } from '../ports/clock';
import type { Passwords } from '../ports/passwords';
import type { User, Users } from '../ports/users';
import type { Attempts } from './attempts';
import type { Entrance, Opened } from './entrance';
import type { Notes } from './notes';
import type { Visit } from './visit';

export interface LoggingInDeps {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly entrance: Entrance;
  readonly attempts: Attempts;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly fault: (error: unknown, words: string) => void;
}

/** Lets people in with e-mail address and password, and out again (A2). */
export class LoggingIn {
  constructor(private readonly deps: LoggingInDeps) {}

  /**
   * An address that has no account is answered like a wrong password, and as slowly. Throws `Refusal` with
   * `wrong_credentials`, `rate_limited`.
   */
  async logIn({ email, password }: { email: string; password: string }, visit: Visit): Promise<Opened> {
    const { users, passwords, entrance, attempts, notes } = this.deps;
    await attempts.count('logIn', visit, email);
    const user = await users.byEmail(email);
    const fits = await passwords.verify(user?.passwordHash ?? null, password);
    if (user === null || !fits) {
      void notes.tried('account.log_in_failed', user?.id ?? null, visit, 'wrong_credentials');
      throw wrong();
    }
    const opened = await entrance.open(user.id, visit);
    await this.checkStillFits(user, opened);
    void notes.did('account.logged_in', user.id, visit);
    this.renewHash(user, password);
    return opened;
  }

  /** Ends the log-in of this browser, if it has one. */
  async logOut(token: string | null, visit: Visit): Promise<void> {
    const userId = token === null ? null : await this.deps.entrance.endByToken(token);
    if (userId !== null) void this.deps.notes.did('account.logged_out', userId, visit);
  }

  /** A password that was changed meanwhile logged everybody out, and this log-in too, had it been there already. */
  private async checkStillFits({ id, passwordHash }: User, opened: Opened): Promise<void> {
    const now = await this.deps.users.get(id);
    if (now !== null && now.passwordHash === passwordHash) return;
    await this.deps.entrance.end(id, [opened.logInId]);
    throw wrong();
  }

  /** Nobody waits for it: the old hash still fits. */
  private renewHash({ id, passwordHash }: User, password: string): void {
    const { users, passwords, clock, fault } = this.deps;
    if (passwordHash === null || !passwords.isOutdated(passwordHash)) return;
    passwords
      .hash(password)
      .then((renewed) => users.setPassword(id, renewed, clock.now(), passwordHash))
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) fault(error, 'a password could not be hashed anew');
      });
  }
}

const wrong = (): Refusal =>
  new Refusal('wrong_credentials', 'e-mail address and password do not fit together');
