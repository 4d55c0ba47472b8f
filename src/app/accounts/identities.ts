import { dayOf } from '../../domain/days';
import { ageBandOf, isLogInValid, isSelected } from '../../domain/users';
import { DomainError } from '../../domain/error';
import { ageOn } from '../../protocol';
import { guestIdentity } from './guests';
import type { Credentials, Identity } from './identity';
import type { Clock } from '../ports/clock';
import type { Guest, GuestStore } from './ports/guest-store';
import type { LogIn, LogIns } from './ports/log-ins';
import type { User, Users } from './ports/users';
import type { AccountEventBus } from './account-events';
import { tokenHash } from './token';
import type { ErrorReporter } from '../ports/error-reporter';

/** A log-in lives this long after its last use. */
export const LOG_IN_LIFE_MS = 30 * 24 * 3_600_000;
/** How often at most a user's last visit is written. */
const TOUCH_MS = 5 * 60_000;
/** How long an identity that was read before is accepted while the records are away. */
const REMEMBERED_MS = 6 * 3_600_000;
const MOST_REMEMBERED = 20_000;

export interface IdentitiesDeps {
  readonly users: Pick<Users, 'get' | 'touch'>;
  readonly logIns: Pick<LogIns, 'byToken' | 'touch'>;
  readonly guests: GuestStore;
  readonly clock: Clock;
  /** Of all nodes: a log-in that ended elsewhere must not be recalled here. */
  readonly accountEvents: AccountEventBus;
  readonly reportError: ErrorReporter;
}

interface Remembered {
  readonly identity: Identity;
  readonly at: number;
}

/**
 * Finds the identity of a browser by the credentials in its cookies. It always reads the records. The last result is
 * remembered only so that users who were here lately can still come in while the records are away.
 */
export class Identities {
  /** By `log-in <hash of the token>` and `guest <session>`, longest unused first. */
  private readonly memory = new Map<string, Remembered>();
  /** How often `forget` was called so far. */
  private forgets = 0;

  constructor(private readonly deps: IdentitiesDeps) {
    deps.accountEvents.on({
      loggedOut: (userId, logIns) =>
        this.forget((who) => who.userId === userId && isSelected(logIns, who.logInId)),
      erased: (userId) => this.forget((who) => who.userId === userId),
      becameAccount: (userId) => this.forget((who) => who.userId === userId),
      blocked: (userId, otherId) =>
        this.amendBlocks(userId, (blocked) => [...new Set([...blocked, otherId])]),
      unblocked: (userId, otherId) =>
        this.amendBlocks(userId, (blocked) => blocked.filter((id) => id !== otherId)),
    });
  }

  /**
   * Null: no known identity. Throws `DomainError('records_unavailable')` when that cannot be found out now: a user
   * who is logged in never becomes a guest by accident.
   */
  async identify({ logIn, guest }: Credentials): Promise<Identity | null> {
    const account = logIn === null ? null : await this.account(logIn);
    return account ?? (guest === null ? null : this.guest(guest));
  }

  private account(token: string): Promise<Identity | null> {
    const hash = tokenHash(token);
    return this.readOrRecall(`log-in ${hash}`, () => this.readAccount(hash));
  }

  private async readAccount(hash: string): Promise<Identity | null> {
    const { users, logIns, clock } = this.deps;
    const now = clock.now();
    const logIn = await logIns.byToken(hash, now);
    if (logIn === null) return null;
    const user = await users.get(logIn.userId);
    if (user === null || user.isAnonymous) return null;
    // Its record could not be removed when the user's log-ins ended.
    if (!isLogInValid(user, logIn)) return null;
    this.touch(logIn, now);
    return accountIdentity(user, logIn, now);
  }

  private async guest(session: string): Promise<Identity | null> {
    const guest = await this.storedGuest(session);
    if (guest === null) return null;
    const key = `guest ${session}`;
    try {
      return await this.readOrRecall(key, () => this.readGuest(guest));
    } catch (error) {
      // A guest needs no record: what the guest store knows is enough.
      if (isAway(error)) return guestIdentity(guest);
      throw error;
    }
  }

  /** Null also when the store cannot be reached: the guest's identity follows from the session as well. */
  private async storedGuest(session: string): Promise<Guest | null> {
    try {
      return await this.deps.guests.use(session, this.deps.clock.now());
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private async readGuest(guest: Guest): Promise<Identity | null> {
    const { users, guests, clock } = this.deps;
    const user = await users.get(guest.id);
    if (user === null) return guestIdentity(guest);
    if (!user.isAnonymous) {
      // The guest is an account by now, so their session is not valid any more: an account needs a log-in.
      await guests.remove(guest.sessionId);
      return null;
    }
    const now = clock.now();
    if (now - user.lastActiveAt >= TOUCH_MS) this.later(users.touch(user.id, now));
    return {
      ...guestIdentity(guest),
      name: user.name,
      blocked: user.blocks.map(({ userId }) => userId),
    };
  }

  private touch(logIn: LogIn, now: number): void {
    if (now - logIn.lastUsedAt < TOUCH_MS) return;
    const { users, logIns } = this.deps;
    this.later(logIns.touch(logIn.id, now, now + LOG_IN_LIFE_MS));
    this.later(users.touch(logIn.userId, now));
  }

  /** Not awaited: if it fails, the next visit writes it again. */
  private later(written: Promise<void>): void {
    written.catch((error: unknown) => {
      if (!isAway(error)) this.deps.reportError(error, 'a visit could not be written');
    });
  }

  /** Reads the identity from the records, or uses the remembered one while the records cannot be reached. */
  private async readOrRecall(key: string, read: () => Promise<Identity | null>): Promise<Identity | null> {
    const now = this.deps.clock.elapsed();
    const { forgets } = this;
    let identity: Identity | null;
    try {
      identity = await read();
    } catch (error) {
      const known = this.memory.get(key);
      if (!isAway(error) || known === undefined || now - known.at > REMEMBERED_MS) throw error;
      return known.identity;
    }
    // A user was logged out or erased meanwhile: the identity may have been read before that.
    if (forgets !== this.forgets) return this.readOrRecall(key, read);
    this.memory.delete(key);
    if (identity !== null) this.remember(key, { identity, at: now });
    return identity;
  }

  private remember(key: string, remembered: Remembered): void {
    this.memory.set(key, remembered);
    const [oldest] = this.memory.keys();
    if (this.memory.size > MOST_REMEMBERED && oldest !== undefined) this.memory.delete(oldest);
  }

  /** While the records are away, a remembered identity must not lack the latest blocks. */
  private amendBlocks(userId: string, amend: (blocked: readonly string[]) => readonly string[]): void {
    for (const [key, { identity, at }] of this.memory) {
      if (identity.userId !== userId) continue;
      this.memory.set(key, { identity: { ...identity, blocked: amend(identity.blocked) }, at });
    }
  }

  private forget(isMeant: (identity: Identity) => boolean): void {
    this.forgets += 1;
    for (const [key, { identity }] of this.memory) if (isMeant(identity)) this.memory.delete(key);
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'records_unavailable';

function accountIdentity(user: User, logIn: LogIn, now: number): Identity {
  return {
    userId: user.id,
    name: user.name,
    isAnonymous: false,
    ageBand: user.birthDate === null ? null : ageBandOf(ageOn(user.birthDate, dayOf(now))),
    blocked: user.blocks.map(({ userId }) => userId),
    logInId: logIn.id,
    guestSession: null,
  };
}
