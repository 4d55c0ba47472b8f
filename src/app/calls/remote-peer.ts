import { Peer } from '../peers/peer';
import type { Allowance } from '../plans/allowance';
import type { NodeAddress } from '../ports/bus';
import type { RemotePeerState, LineAt } from '../cluster/contract';
import type { NodeMessenger } from '../cluster/node-messenger';

/** The seat of a member who has not spoken up yet. */
export const NOWHERE = '';

/**
 * Somebody seated on another node, as the home of their call has them: what they are told goes to their seat, what they
 * do comes from there. Their minutes are counted at their seat, so the allowance here is never asked.
 */
export function makeRemotePeer(
  { identity, addressHash, media, wishes, since }: RemotePeerState,
  gateway: NodeAddress,
  callId: string,
  { messenger, allowance, now }: { messenger: NodeMessenger; allowance: Allowance; now: number },
): Peer {
  const socket = {
    send: (message: unknown): void =>
      messenger.notify(remotePeer.gatewayNode ?? gateway, 'peer_message', {
        peerId: identity.userId,
        callId,
        message,
      }),
    close: (): void => undefined,
  };
  const remotePeer = new Peer(identity, allowance, '', socket, now);
  remotePeer.gatewayNode = gateway;
  remotePeer.addressHash = addressHash;
  remotePeer.media = media;
  remotePeer.state = { kind: 'in_call', wishes, callId, since };
  return remotePeer;
}

/** Somebody seated here, as another home has to know them; they are in a call or about to be. */
export function remotePeerState(
  peer: Peer,
  { wishes, since }: Pick<RemotePeerState, 'wishes' | 'since'>,
  line: LineAt | null,
): RemotePeerState {
  const { identity, addressHash, media } = peer;
  return {
    identity: { ...identity, blocked: [...identity.blocked] },
    addressHash,
    media: { ...media },
    wishes,
    since,
    line,
  };
}
