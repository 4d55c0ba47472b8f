import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock';
import type { LogIns } from './ports/log-ins';
import type { AccountEventBus } from './account-events';
import { LOG_IN_LIFE_MS } from './identities';
import { newToken, tokenHash } from './token';
import type { Visit } from './visit';

/** Devices one account may be logged in on; whichever was not used for longest gives way. */
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

/** Opens and ends log-ins, for those who have already shown who they are. */
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

  /** All of them, or all but one. */
  async endAll(userId: string, exceptId?: string): Promise<void> {
    const ended = await this.deps.logIns.removeAll(userId, exceptId);
    this.deps.accountEvents.loggedOut(userId, exceptId === undefined ? 'all' : ended);
  }

  /** The log-in a browser still has, when it leaves or somebody else logs in there. Answers with whose it was. */
  async endByToken(token: string): Promise<string | null> {
    const { logIns, clock } = this.deps;
    const logIn = await logIns.byToken(tokenHash(token), clock.now());
    if (logIn === null) return null;
    await this.end(logIn.userId, [logIn.id]);
    return logIn.userId;
  }
}
