import type { Ticket } from './ticket';

/** How long two who have met do not meet again (M2). */
export const RECENT_MS = 30 * 60_000;
/** How many of the last partners are not met again however long ago it was (M2). */
export const RECENT_PARTNERS = 5;

/** Whether this person's own list says that they met the other one recently. */
export function metRecently(of: Pick<Ticket, 'recent'>, peerId: string, now: number): boolean {
  for (let index = 0; index < of.recent.length; index++) {
    const met = of.recent[index];
    if (met?.peerId !== peerId) continue;
    if (index < RECENT_PARTNERS || now - met.at < RECENT_MS) return true;
  }
  return false;
}

/**
 * Whether either side's list says so: one of them may have met so many others since that the list has forgotten,
 * or may have begun a new list with a new identity.
 *
 * A recent pair meets only when there is nobody else: the longer wait of the two is in the last step, and
 * neither has anyone waiting whom the hard rules allow and who is not a recent partner too. That needs to know
 * who waits, so the search for a partner decides it.
 */
export const areRecent = (a: Ticket, b: Ticket, now: number): boolean =>
  metRecently(a, b.peerId, now) || metRecently(b, a.peerId, now);
