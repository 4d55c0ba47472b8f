import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineLocation } from '../lines/line-location';
import { Peer } from '../peers/peer';
import type { Allowance } from '../plans/allowance';
import { momentOf } from '../ports/ages';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import { peerMessage } from './messages';
import type { RemotePeerState } from './remote-peer-schema';

/** In place of a gateway: no node has reported to be the participant's gateway yet. */
export const NOWHERE = '';

/**
 * Makes the `Peer` of a participant whose gateway is another node, for the owner of their call. What the peer is sent
 * goes to their gateway. Their minutes are counted there too, so nothing reads the allowance here.
 */
export function makeRemotePeer(
  { identity, addressHash, origin, media, wishes, waitedMs }: RemotePeerState,
  gateway: NodeAddress,
  callId: string,
  { messenger, allowance, clock }: { messenger: NodeMessenger; allowance: Allowance; clock: Clock },
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
  const remotePeer = new Peer(identity, allowance, '', socket, clock.elapsed());
  remotePeer.gatewayNode = gateway;
  remotePeer.addressHash = addressHash;
  remotePeer.origin = origin;
  remotePeer.media = media;
  remotePeer.state = { kind: 'in_call', wishes, callId, since: momentOf(clock, waitedMs) };
  return remotePeer;
}

/** What another node that owns the call has to know of a peer whose gateway is here. */
export function remotePeerState(
  peer: Peer,
  { wishes, waitedMs }: Pick<RemotePeerState, 'wishes' | 'waitedMs'>,
  line: LineLocation | null,
): RemotePeerState {
  const { identity, addressHash, origin, media } = peer;
  return {
    identity: { ...identity, blocked: [...peer.blocked] },
    addressHash,
    origin,
    media: { ...media },
    wishes,
    waitedMs,
    line,
  };
}
