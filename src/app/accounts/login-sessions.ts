import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock';
import type { LogIns } from './ports/log-ins';
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
  readonly clock: Clock;
  readonly accountEvents: AccountEventBus;
}

/** Opens and ends log-ins of users whose identity has been verified. */
export class LoginSessions {
  constructor(private readonly deps: LoginSessionsDeps) {}

  async open(userId: string, { userAgent }: Pick<Visit, 'userAgent'>): Promise<Opened> {
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
    });
    const surplus = (await logIns.of(userId, now)).slice(MOST_LOG_INS).map(({ id }) => id);
    if (surplus.length > 0) await this.end(userId, surplus);
    return { userId, logInId, token };
  }

  async end(userId: string, logInIds: readonly string[]): Promise<void> {
    await this.deps.logIns.remove(userId, logInIds);
    this.deps.accountEvents.loggedOut(userId, logInIds);
  }

  /** Ends all log-ins of a user, or all but one. */
  async endAll(userId: string, exceptId?: string): Promise<void> {
    const ended = await this.deps.logIns.removeAll(userId, exceptId);
    this.deps.accountEvents.loggedOut(userId, exceptId === undefined ? 'all' : ended);
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
