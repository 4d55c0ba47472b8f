import { createHash } from 'node:crypto';
import { guestName } from '../../domain/names';
import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { Guest, GuestStore } from './ports/guest-store';
import type { User, Users } from './ports/users';
import type { Identity } from './identity';

/** The identity of a guest about whom no user record exists. */
export const guestIdentity = (guest: Guest): Identity => ({
  userId: guest.id,
  name: guest.username,
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: guest.sessionId,
});

/** A hash, so that the session cannot be derived from the guest's id. */
const digestOf = (session: string): Buffer => createHash('sha256').update(`guest ${session}`).digest();

/** The id follows from the session, so that a session is always the same guest, even after the store has lost them. */
const idOf = (session: string): string => `guest_${digestOf(session).toString('base64url').slice(0, 22)}`;

/** A session's guest has always the same name, too, until the guest chooses another. */
function nameOf(session: string): string {
  const digest = digestOf(`name ${session}`);
  let at = 0;
  return guestName(() => digest.readUInt32BE(4 * at++) / 2 ** 32);
}

/** Guests come in without registration: they have a name and live for two hours, renewed by use (A1). */
export class Guests {
  constructor(
    private readonly store: GuestStore,
    private readonly users: Pick<Users, 'get'>,
    private readonly clock: Clock,
  ) {}

  /**
   * The guest of a session that the store does not know (any more). `isNew`: this server has just made the session,
   * so no record of it can exist. Null: the session is not valid, because its guest is an account by now, or because
   * that cannot be found out.
   */
  async admit(session: string, isNew: boolean): Promise<Identity | null> {
    const user = isNew ? null : await this.kept(session);
    if (user === 'unknown' || user?.isAnonymous === false) return null;
    const guest = this.guest(session, user);
    const known = await this.remember(guest);
    const blocked = user?.blocks.map(({ userId }) => userId) ?? [];
    // If the guest is missing now, they have just expired or been removed, and count as never stored.
    return { ...guestIdentity(known ?? guest), blocked };
  }

  /** Stores a new guest; answers with the guest that the store has already. Null also when it cannot be reached. */
  private async remember(guest: Guest): Promise<Guest | null> {
    try {
      if (await this.store.add(guest)) return null;
      return await this.store.use(guest.sessionId, this.clock.now());
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private async kept(session: string): Promise<User | null | 'unknown'> {
    try {
      return await this.users.get(idOf(session));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'records_unavailable') return 'unknown';
      throw error;
    }
  }

  private guest(session: string, user: User | null): Guest {
    const now = this.clock.now();
    return {
      id: idOf(session),
      sessionId: session,
      username: user?.name ?? nameOf(session),
      isOnline: true,
      isSearching: false,
      inChat: false,
      connectedUser: null,
      location: null,
      gender: null,
      language: null,
      socketId: null,
      lastSeen: now,
      createdAt: user?.createdAt ?? now,
      connectedAt: null,
    };
  }
}
