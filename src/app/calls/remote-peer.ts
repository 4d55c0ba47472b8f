import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineLocation } from '../lines/line-location';
import { Peer } from '../peers/peer';
import type { Allowance } from '../plans/allowance';
import type { NodeAddress } from '../ports/bus';
import { peerMessage } from './messages';
import type { RemotePeerState } from './remote-peer-schema';

/** In place of a gateway: no node has reported to be the participant's gateway yet. */
export const NOWHERE = '';

/**
 * Makes the `Peer` of a participant whose gateway is another node, for the owner of their call. What the peer is sent
 * goes to their gateway. Their minutes are counted there too, so nothing reads the allowance here.
 */
export function makeRemotePeer(
  { identity, addressHash, origin, media, wishes, since }: RemotePeerState,
  gateway: NodeAddress,
  callId: string,
  { messenger, allowance, now }: { messenger: NodeMessenger; allowance: Allowance; now: number },
): Peer {
  const socket = {
    send: (message: unknown): void =>
      messenger.notify(remotePeer.gatewayNode ?? gateway, peerMessage, {
        peerId: identity.userId,
        callId,
        message,
      }),
    close: (): void => undefined,
  };
  const remotePeer = new Peer(identity, allowance, '', socket, now);
  remotePeer.gatewayNode = gateway;
  remotePeer.addressHash = addressHash;
  remotePeer.origin = origin;
  remotePeer.media = media;
  remotePeer.state = { kind: 'in_call', wishes, callId, since };
  return remotePeer;
}

/** What another node that owns the call has to know of a peer whose gateway is here. */
export function remotePeerState(
  peer: Peer,
  { wishes, since }: Pick<RemotePeerState, 'wishes' | 'since'>,
  line: LineLocation | null,
): RemotePeerState {
  const { identity, addressHash, origin, media } = peer;
  return {
    identity: { ...identity, blocked: [...peer.blocked] },
    addressHash,
    origin,
    media: { ...media },
    wishes,
    since,
    line,
  };
}
