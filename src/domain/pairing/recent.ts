import { userIdOf } from '../users/windows';
import type { Ticket } from './ticket';

/** How long two partners do not meet again (M2). */
export const RECENT_MS = 30 * 60_000;
/** How many of the last partners are not met again however long ago it was (M2). */
export const RECENT_PARTNERS = 5;

/** Whether this peer's own list says that the other one, in whichever window, was a recent partner. */
export function metRecently(of: Pick<Ticket, 'recent'>, peerId: string, now: number): boolean {
  const userId = userIdOf(peerId);
  for (let index = 0; index < of.recent.length; index++) {
    const met = of.recent[index];
    if (met?.peerId !== userId) continue;
    if (index < RECENT_PARTNERS || now - met.at < RECENT_MS) return true;
  }
  return false;
}

/**
 * Whether either side's list says so. One of them may have met so many partners since that its list no longer has the
 * other, or may have a new identity with a new list.
 *
 * A recent pair meets only when there is no other choice: the longer wait of the two is in the last step, and for
 * neither is another partner waiting whom the hard rules allow and who is not recent. The search for a partner decides
 * this, since it knows who waits.
 */
export const areRecent = (a: Ticket, b: Ticket, now: number): boolean =>
  metRecently(a, b.peerId, now) || metRecently(b, a.peerId, now);
