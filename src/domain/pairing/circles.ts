import { CIRCLES, type Circle } from '../../protocol';
import { ageDistance, sharedCount } from './score';
import type { Ticket } from './ticket';

/** A peer who names no language is assumed to speak the partner's. */
export function shareLanguage(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  for (const language of a) if (b.includes(language)) return true;
  return false;
}

/** Whether both share an interest, or neither names any. */
export const shareInterest = (a: readonly string[], b: readonly string[]): boolean =>
  (a.length === 0 && b.length === 0) || sharedCount(a, b) > 0;

/** The same country, or the same or a neighbouring age band. Unknown values are not near. */
export function areNear(
  a: Pick<Ticket, 'country' | 'ageBand'>,
  b: Pick<Ticket, 'country' | 'ageBand'>,
): boolean {
  if (a.country !== null && a.country === b.country) return true;
  const distance = ageDistance(a.ageBand, b.ageBand);
  return distance !== null && distance <= 1;
}

/**
 * The narrowest circle that holds both (M4). Circles are nested: `interest` lies in `near`, that in `language`, that in
 * `anyone`, which holds everyone that the hard rules allow. All but the last require a shared language.
 */
export function circleOf(a: Ticket, b: Ticket): Circle {
  if (!shareLanguage(a.languages, b.languages)) return 'anyone';
  if (shareInterest(a.interests, b.interests)) return 'interest';
  return areNear(a, b) ? 'near' : 'language';
}

/** Whether everyone in `inner` is in `outer` too. */
export const liesWithin = (inner: Circle, outer: Circle): boolean =>
  CIRCLES.indexOf(inner) <= CIRCLES.indexOf(outer);
