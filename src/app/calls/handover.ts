import type { Call } from './call';
import type { MediaNegotiation } from './media-negotiation';
import type { Calls } from './calls';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Membership } from '../cluster/membership';
import type { ClusterMedia } from '../lines/cluster-media';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { RemoteCalls } from './remote-calls';
import type { CallSnapshots } from './snapshots';
import type { CallFailover } from './failover';

export interface CallHandoverDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly media: ClusterMedia;
  readonly snapshots: Pick<CallSnapshots, 'handOver'>;
  readonly remoteCalls: RemoteCalls;
  readonly failover: CallFailover;
  readonly reportError: (error: unknown, message: string) => void;
}

/**
 * Calls that change their home while both homes live: by the will of the old one, which is to be empty soon (V9), or
 * because it was taken for dead. Nothing of the call ends; what flows goes on flowing.
 */
export class CallHandover {
  private readonly underWay = new Set<string>();

  constructor(private readonly deps: CallHandoverDeps) {
    const { messenger, calls, peers, remoteCalls, failover } = deps;
    calls.on({ released: (call) => this.surrendered(call) });
    messenger.onNotification('call_handed_over', ({ callId, peerId }, from) => {
      const peer = peers.get(peerId);
      const call = peer === undefined ? undefined : remoteCalls.of(peer);
      if (call?.callId === callId && call.owner === from) void failover.takeOver(call);
    });
  }

  /** Gives up the calls that nobody seated here is in, as far as they stand firmly at this moment. */
  handOver(): void {
    for (const call of this.deps.calls.all()) {
      if (this.underWay.has(call.id) || !this.isFirm(call)) continue;
      this.underWay.add(call.id);
      this.give(call)
        .catch((error: unknown) => this.deps.reportError(error, 'a call could not be handed over'))
        .finally(() => this.underWay.delete(call.id));
    }
  }

  private async give(call: Call): Promise<void> {
    const { snapshots, calls, messenger } = this.deps;
    if (!(await snapshots.handOver(call)) || !this.isFirm(call)) return;
    const peerDirectory = call.participants.map(({ peer }) => ({
      peerId: peer.id,
      gateway: peer.gatewayNode,
    }));
    calls.release(call);
    for (const { peerId, gateway } of peerDirectory) {
      if (gateway !== null) messenger.notify(gateway, 'call_handed_over', { callId: call.id, peerId });
    }
  }

  /** Everybody is at a living seat elsewhere, and the media is not just being brought about. */
  private isFirm(call: Call): boolean {
    const { calls, media, membership } = this.deps;
    if (calls.get(call.id) !== call) return false;
    const isElsewhere = call.participants.every(
      ({ peer }) => peer.gatewayNode !== null && peer.isHere && membership.isKnown(peer.gatewayNode),
    );
    if (!isElsewhere) return false;
    return call.mode === 'text' || (call.media.state === 'flowing' && media.flowingBridge(call.id) !== null);
  }

  /** The call has another home, which has its media in hand; whoever of it is seated here follows it (`CallFailover`). */
  private surrendered(call: Call): void {
    this.deps.negotiation.release(call);
    this.deps.media.releaseBridge(call.id);
  }
}
