import { Person } from '../../people/person';
import type { Allowance } from '../../plans/allowance';
import type { NodeAddress } from '../../ports/bus';
import type { DelegateState, LineAt } from '../contract';
import type { Switchboard } from '../switchboard';

/** The seat of a member who has not spoken up yet. */
export const NOWHERE = '';

/**
 * Somebody seated on another node, as the home of their call has them: what they are told goes to their seat, what they
 * do comes from there. Their minutes are counted at their seat, so the allowance here is never asked.
 */
export function makeDelegate(
  { identity, addressHash, media, wishes, since }: DelegateState,
  seat: NodeAddress,
  callId: string,
  { switchboard, allowance, now }: { switchboard: Switchboard; allowance: Allowance; now: number },
): Person {
  const outlet = {
    send: (message: unknown): void =>
      switchboard.tell(delegate.seatedAt ?? seat, 'member_tell', {
        personId: identity.userId,
        callId,
        message,
      }),
    close: (): void => undefined,
  };
  const delegate = new Person(identity, allowance, '', outlet, now);
  delegate.seatedAt = seat;
  delegate.addressHash = addressHash;
  delegate.media = media;
  delegate.session = { state: 'in_call', wishes, callId, since };
  return delegate;
}

/** Somebody seated here, as another home has to know them; they are in a call or about to be. */
export function delegateState(
  person: Person,
  { wishes, since }: Pick<DelegateState, 'wishes' | 'since'>,
  line: LineAt | null,
): DelegateState {
  const { identity, addressHash, media } = person;
  return {
    identity: { ...identity, blocked: [...identity.blocked] },
    addressHash,
    media: { ...media },
    wishes,
    since,
    line,
  };
}
