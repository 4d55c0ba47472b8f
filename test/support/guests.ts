import type { Guest } from '../../src/app/accounts/ports/guest-store';

/** A guest who came at that time and has done nothing yet. */
export const guestAt = (at: number, sessionId: string, change: Partial<Guest> = {}): Guest => ({
  id: `guest_${sessionId}`,
  sessionId,
  username: 'CalmHeron4821',
  isOnline: true,
  isSearching: false,
  inChat: false,
  connectedUser: null,
  location: null,
  gender: null,
  language: null,
  socketId: null,
  lastSeen: at,
  createdAt: at,
  connectedAt: null,
  ...change,
});
