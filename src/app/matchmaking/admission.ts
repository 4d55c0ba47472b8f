import { DomainError } from '../../domain/error';
import { mayWish } from '../../domain/plans';
import type { Wishes } from '../../protocol';
import type { Peer } from '../peers/peer';

export interface AdmissionTerms {
  readonly admitMinors: boolean;
  /** ms since the epoch */
  readonly now: number;
}

/**
 * The wishes with which a peer may search: their age is the one of their account, where they have one.
 *
 * Throws `DomainError` with `too_young` (minors are not admitted here), `plan_minutes_used` (with the time until
 * their minutes come back) or `plan_needed` (a wish that their plan does not include).
 */
export function admitWishes(
  { identity, allowance }: Pick<Peer, 'identity' | 'allowance'>,
  wishes: Wishes,
  { admitMinors, now }: AdmissionTerms,
): Wishes {
  const ageBand = identity.ageBand ?? wishes.ageBand;
  if (ageBand === '13-17' && !admitMinors) throw new DomainError('too_young', 'minors are not admitted here');
  if (allowance.leftMs(now) === 0) {
    const { renewsAt } = allowance.state(now);
    throw new DomainError('plan_minutes_used', 'no minutes are left', Math.max(0, (renewsAt ?? now) - now));
  }
  if (!mayWish(allowance.plan(now), wishes))
    throw new DomainError('plan_needed', 'these wishes need another plan');
  return { ...wishes, ageBand };
}
