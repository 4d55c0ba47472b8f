import {
  GUEST_LIFE_MS,
  type Guest,
  type GuestChange,
  type GuestStore,
} from '../app/accounts/ports/guest-store';

/** The most guests that a node remembers: some hundred bytes each. */
const MOST_GUESTS = 200_000;

/**
 * Guests in this process. The map is in the order of last use: the guest that expires first comes first, and is also the
 * first to be dropped when there are too many.
 */
export class MemoryGuestStore implements GuestStore {
  private readonly guests = new Map<string, Guest>();

  constructor(private readonly most = MOST_GUESTS) {}

  add(guest: Guest): Promise<boolean> {
    const known = this.guests.get(keyOf(guest.sessionId));
    if (known !== undefined && !hasRunOut(known, guest.lastSeen)) return Promise.resolve(false);
    this.put(guest);
    const [oldest] = this.guests.keys();
    if (this.guests.size > this.most && oldest !== undefined) this.guests.delete(oldest);
    return Promise.resolve(true);
  }

  use(sessionId: string, now: number): Promise<Guest | null> {
    return Promise.resolve(this.renew(sessionId, {}, now));
  }

  change(sessionId: string, change: GuestChange, now: number): Promise<void> {
    this.renew(sessionId, change, now);
    return Promise.resolve();
  }

  remove(sessionId: string): Promise<void> {
    this.guests.delete(keyOf(sessionId));
    return Promise.resolve();
  }

  expire(now: number): Promise<number> {
    let expired = 0;
    for (const [key, guest] of this.guests) {
      if (!hasRunOut(guest, now)) break;
      this.guests.delete(key);
      expired += 1;
    }
    return Promise.resolve(expired);
  }

  count(): Promise<number> {
    return Promise.resolve(this.guests.size);
  }

  close(): Promise<void> {
    this.guests.clear();
    return Promise.resolve();
  }

  private renew(sessionId: string, change: GuestChange, now: number): Guest | null {
    const guest = this.guests.get(keyOf(sessionId));
    if (guest === undefined || hasRunOut(guest, now)) return null;
    // A clock that was set back does not shorten a guest's lifetime.
    const renewed = { ...guest, ...change, lastSeen: Math.max(now, guest.lastSeen) };
    this.put(renewed);
    return renewed;
  }

  private put(guest: Guest): void {
    const key = keyOf(guest.sessionId);
    this.guests.delete(key);
    this.guests.set(key, guest);
  }
}

const keyOf = (sessionId: string): string => `guest:${sessionId}`;
const hasRunOut = (guest: Guest, now: number): boolean => now - guest.lastSeen >= GUEST_LIFE_MS;
