import { createHash } from 'node:crypto';
import { guestName } from '../../domain/names';
import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { Guest, GuestStore } from './ports/guest-store';
import type { User, Users } from './ports/users';
import type { Identity } from './identity';

/** A guest of whom nothing is kept but the visit itself. */
export const guestIdentity = (guest: Guest): Identity => ({
  userId: guest.id,
  name: guest.username,
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: guest.sessionId,
});

/** Nobody learns a session from the id that follows from it. */
const digestOf = (session: string): Buffer => createHash('sha256').update(`guest ${session}`).digest();

/** One session is always the same guest, whoever remembers it: as long as anything is kept of them, it is theirs. */
const idOf = (session: string): string => `guest_${digestOf(session).toString('base64url').slice(0, 22)}`;

/** And has the same name, until they choose another. */
function nameOf(session: string): string {
  const digest = digestOf(`name ${session}`);
  let at = 0;
  return guestName(() => digest.readUInt32BE(4 * at++) / 2 ** 32);
}

/** People without any form: a name, and two hours of life, renewed by use (A1). */
export class Guests {
  constructor(
    private readonly store: GuestStore,
    private readonly users: Pick<Users, 'get'>,
    private readonly clock: Clock,
  ) {}

  /**
   * The guest of a session that the store does not know (any more). `isNew`: this server has just given it out, so
   * nothing can be kept of it. Null: the session lets nobody in, since its guest is an account by now, or since that
   * cannot be told.
   */
  async admit(session: string, isNew: boolean): Promise<Identity | null> {
    const user = isNew ? null : await this.kept(session);
    if (user === 'unknown' || user?.isAnonymous === false) return null;
    const guest = this.guest(session, user);
    const known = await this.remember(guest);
    const blocked = user?.blocks.map(({ userId }) => userId) ?? [];
    // It can only be missing when it ran out, or was removed, in between: then it is as if it had never been.
    return { ...guestIdentity(known ?? guest), blocked };
  }

  /** What the store knows of a guest already. Where it cannot be asked, what follows from the session is enough. */
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
