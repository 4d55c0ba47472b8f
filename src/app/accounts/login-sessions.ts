import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { LogIns } from './ports/log-ins';
import type { PasswordResets } from './ports/password-resets';
import type { User, Users } from './ports/users';
import type { AccountEventBus } from './account-events';
import { LOG_IN_LIFE_MS } from './identities';
import { newToken, tokenHash } from './token';
import type { Visit } from './visit';

/**
 * How many devices one account may be logged in on. After that, the device that was not used for longest is logged
 * out.
 */
const MOST_LOG_INS = 30;

/** A log-in that was just made. The token goes to the browser and nowhere else. */
export interface Opened {
  readonly userId: string;
  readonly logInId: string;
  readonly token: string;
}

export interface LoginSessionsDeps {
  readonly logIns: LogIns;
  readonly users: Pick<Users, 'endLogIns' | 'get'>;
  readonly resets: Pick<PasswordResets, 'removeAll'>;
  readonly clock: Clock;
  readonly accountEvents: AccountEventBus;
  readonly reportError: ErrorReporter;
}

/** Opens and ends log-ins of users whose identity has been verified. */
export class LoginSessions {
  constructor(private readonly deps: LoginSessionsDeps) {}

  /**
   * Null: the user's password was changed, or the user was erased, since `user` was read. A password change logs out
   * all devices, so it would have ended this log-in as well.
   */
  async open(user: User, visit: Pick<Visit, 'userAgent'>): Promise<Opened | null> {
    const opened = await this.add(user, visit);
    const now = await this.deps.users.get(user.id);
    if (now?.passwordHash === user.passwordHash && now.logInGeneration === user.logInGeneration)
      return opened;
    await this.end(user.id, [opened.logInId]);
    return null;
  }

  private async add(
    { id: userId, logInGeneration }: Pick<User, 'id' | 'logInGeneration'>,
    { userAgent }: Pick<Visit, 'userAgent'>,
  ): Promise<Opened> {
    const { logIns, clock } = this.deps;
    const now = clock.now();
    const token = newToken();
    const logInId = randomUUID();
    await logIns.add({
      id: logInId,
      tokenHash: tokenHash(token),
      userId,
      userAgent,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + LOG_IN_LIFE_MS,
      generation: logInGeneration,
    });
    const surplus = (await logIns.of(userId, now)).slice(MOST_LOG_INS).map(({ id }) => id);
    if (surplus.length > 0) await this.end(userId, surplus);
    return { userId, logInId, token };
  }

  async end(userId: string, logInIds: readonly string[]): Promise<void> {
    await this.deps.logIns.remove(userId, logInIds);
    this.deps.accountEvents.loggedOut(userId, logInIds);
  }

  /** Ends all log-ins of a user but one. */
  async endOthers(userId: string, keptLogInId: string): Promise<void> {
    const { users, clock } = this.deps;
    try {
      await users.endLogIns(userId, keptLogInId, clock.now());
    } finally {
      await this.ended(userId, keptLogInId);
    }
  }

  /**
   * All log-ins of a user but one were ended in the user's record, or may have been, if the store went away meanwhile.
   * What uses them is closed in either case: a log-in that is still valid comes back. Never fails: the records of
   * log-ins that are not valid any more can stay until they expire.
   */
  async ended(userId: string, keptLogInId: string | null): Promise<void> {
    const { logIns, resets, accountEvents, reportError } = this.deps;
    accountEvents.loggedOut(userId, keptLogInId === null ? 'all' : { allBut: keptLogInId });
    try {
      await resets.removeAll(userId);
      await logIns.removeAll(userId, keptLogInId ?? undefined);
    } catch (error) {
      if (!(error instanceof DomainError)) reportError(error, 'ended log-ins could not be removed');
    }
  }

  /** Ends the log-in of a browser that logs out or is about to get another log-in. Answers with its user's id. */
  async endByToken(token: string): Promise<string | null> {
    const { logIns, clock } = this.deps;
    const logIn = await logIns.byToken(tokenHash(token), clock.now());
    if (logIn === null) return null;
    await this.end(logIn.userId, [logIn.id]);
    return logIn.userId;
  }
}
