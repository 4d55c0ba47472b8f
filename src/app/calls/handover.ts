import type { DrainStage } from '../cluster/drain';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { CallBridges } from '../lines/call-bridges';
import type { PeerRegistry } from '../peers/peer-registry';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Call } from './call';
import type { Calls } from './calls';
import type { CallFailover } from './failover';
import { callHandedOver } from './messages';
import type { RemoteCalls } from './remote-calls';
import type { CallSnapshots } from './snapshots';

export interface CallHandoverDeps {
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly bridges: CallBridges;
  readonly snapshots: Pick<CallSnapshots, 'handOver'>;
  readonly remoteCalls: RemoteCalls;
  readonly failover: CallFailover;
  readonly reportError: ErrorReporter;
}

/**
 * Gives the calls of a draining node to other nodes (V9). The participants' gateways are notified, and the gateway
 * that takes the lease first owns the call. The call does not end, and its media goes on flowing.
 */
export class CallHandover implements DrainStage {
  readonly needs = 'gateways';
  private readonly pending = new Set<string>();

  constructor(private readonly deps: CallHandoverDeps) {
    const { messenger, peers, remoteCalls, failover } = deps;
    messenger.onNotification(callHandedOver, ({ callId, peerId }, from) => {
      const peer = peers.get(peerId);
      const call = peer === undefined ? undefined : remoteCalls.of(peer);
      if (call?.callId === callId && call.owner === from) void failover.takeOver(call);
    });
  }

  /** Hands over the calls that can move at this moment and have no participant at this gateway. */
  move(): void {
    for (const call of this.deps.calls.all()) {
      if (this.pending.has(call.id) || !this.canMove(call)) continue;
      this.pending.add(call.id);
      this.handOver(call)
        .catch((error: unknown) => this.deps.reportError(error, 'a call could not be handed over'))
        .finally(() => this.pending.delete(call.id));
    }
  }

  private async handOver(call: Call): Promise<void> {
    const { snapshots, calls, messenger } = this.deps;
    if (!(await snapshots.handOver(call)) || !this.canMove(call)) return;
    const gateways = call.participants.map(({ peer }) => ({ peerId: peer.id, gateway: peer.gatewayNode }));
    calls.release(call);
    for (const { peerId, gateway } of gateways) {
      if (gateway !== null) messenger.notify(gateway, callHandedOver, { callId: call.id, peerId });
    }
  }

  /** Whether both participants have a living gateway elsewhere, and no bridge is being made at this moment. */
  private canMove(call: Call): boolean {
    const { calls, bridges, membership } = this.deps;
    if (calls.get(call.id) !== call) return false;
    const areElsewhere = call.participants.every(
      ({ peer }) => peer.gatewayNode !== null && peer.isHere && membership.isReachable(peer.gatewayNode),
    );
    if (!areElsewhere) return false;
    return call.mode === 'text' || (call.media.state === 'flowing' && bridges.flowing(call.id) !== null);
  }
}
