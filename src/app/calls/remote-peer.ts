import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineLocation } from '../lines/line-location';
import { Peer } from '../peers/peer';
import type { Allowance } from '../plans/allowance';
import type { NodeAddress } from '../ports/bus';
import { peerMessage } from './messages';
import type { RemotePeerState } from './remote-peer-schema';

/** The gateway of a participant whose node has not reported back yet. */
export const NOWHERE = '';

/**
 * A peer whose gateway is another node, as the owner of their call has them: what they are sent goes to their gateway,
 * what they do comes from there. Their minutes are counted at their gateway, so the allowance here is never asked.
 */
export function makeRemotePeer(
  { identity, addressHash, media, wishes, since }: RemotePeerState,
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
  remotePeer.media = media;
  remotePeer.state = { kind: 'in_call', wishes, callId, since };
  return remotePeer;
}

/** A peer whose gateway is here, as another node that owns their call has to know them. */
export function remotePeerState(
  peer: Peer,
  { wishes, since }: Pick<RemotePeerState, 'wishes' | 'since'>,
  line: LineLocation | null,
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
