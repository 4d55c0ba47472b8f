import type { NodeAddress } from '../ports/bus';
import type { MediaNode } from './media-node';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineHost } from './line-host';
import { remotePeer } from './remote-media-node';

export interface HostedLine {
  readonly peerId: string;
  readonly lineId: string;
  /** Where the line's person is seated. */
  readonly gateway: NodeAddress;
}

interface LineGateway {
  readonly lineId: string;
  readonly gateway: NodeAddress;
}

export interface LocalHostDeps {
  readonly media: MediaNode;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  /** A line of somebody seated here is gone. */
  readonly lineLost: (peerId: string, lineId: string) => void;
}

/**
 * This node as a place for lines, its own people's and others'. Keeps on which node each line's person is seated:
 * there a loss is told. Lines that nobody has any more are found by `LineAudit`.
 */
export class LocalHost {
  private readonly gateways = new Map<string, LineGateway>();

  constructor(private readonly deps: LocalHostDeps) {
    const { messenger } = deps;
    deps.media.on({
      lineLost: (peerId, lineId) => this.lost(peerId, lineId),
      pipeLost: (node, pipeId) => messenger.notify(node, 'pipe_close', { pipeId }),
      // Which node is the call's home by now, this one need not know.
      bridgeBroken: (callId, generation) =>
        void messenger.notifyAll('bridge_broken', { callId, generation }).catch(() => undefined),
    });
    deps.membership.on({ died: (node) => deps.media.forgetNode(node) });
    this.answer();
  }

  /** As the node `seat` uses it; lines opened through it are of people who are seated there. */
  for(gateway: NodeAddress): LineHost {
    const { media, messenger } = this.deps;
    return {
      openLine: async (peerId, rtpCapabilities, maxKbps) => {
        const line = await media.openLine(peerId, rtpCapabilities, maxKbps);
        this.gateways.set(peerId, { lineId: line.lineId, gateway });
        return line;
      },
      connect: (...request) => media.connect(...request),
      produce: (...request) => media.produce(...request),
      unproduce: (...request) => media.unproduce(...request),
      markReady: async (peerId, lineId) => media.markReady(peerId, lineId),
      restartIce: (...request) => media.restartIce(...request),
      limit: (peerId, maxKbps) => media.limit(peerId, maxKbps),
      closeLine: (peerId, lineId) => this.closeLine(peerId, lineId),
      setGateway: async (peerId, lineId) => this.setGateway(peerId, lineId, gateway),
      createBridge: (bridge, peerIds, other) =>
        other === null
          ? media.createBridge(bridge, peerIds)
          : media.createCrossNodeBridge(
              bridge,
              peerIds[0],
              { peerId: peerIds[1], ...other },
              remotePeer(messenger, other.node),
            ),
      resumeConsumers: (...request) => media.resumeConsumers(...request),
      resumeProducers: (...request) => media.resumeProducers(...request),
      closeBridge: (callId, generation) => media.closeBridge(callId, generation),
    };
  }

  hosted(): HostedLine[] {
    return [...this.gateways].map(([peerId, { lineId, gateway }]) => ({ peerId, lineId, gateway }));
  }

  closeLine(peerId: string, lineId: string): void {
    if (this.gateways.get(peerId)?.lineId === lineId) this.gateways.delete(peerId);
    this.deps.media.closeLine(peerId, lineId);
  }

  private setGateway(peerId: string, lineId: string, gateway: NodeAddress): boolean {
    if (this.gateways.get(peerId)?.lineId !== lineId) return false;
    this.gateways.set(peerId, { lineId, gateway });
    return true;
  }

  private lost(peerId: string, lineId: string): void {
    const { messenger, lineLost } = this.deps;
    const gateway = this.gateways.get(peerId)?.gateway;
    this.gateways.delete(peerId);
    if (gateway === undefined || gateway === messenger.self) lineLost(peerId, lineId);
    else messenger.notify(gateway, 'line_lost', { peerId, lineId });
  }

  /** What other nodes ask of this one's media. */
  private answer(): void {
    const { media, messenger } = this.deps;
    messenger.onNotification('line_limit', ({ peerId, maxKbps }) => media.limit(peerId, maxKbps));
    messenger.onNotification('line_close', ({ peerId, lineId }) => this.closeLine(peerId, lineId));
    messenger.onNotification('line_unproduce', ({ peerId, lineId, source }) =>
      media.unproduce(peerId, lineId, source),
    );
    messenger.onNotification('bridge_close', ({ callId, generation }) =>
      media.closeBridge(callId, generation),
    );
    messenger.onNotification('pipe_close', ({ pipeId }) => void media.closePipe(pipeId));
    messenger.onRequest('line_open', ({ peerId, rtpCapabilities, maxKbps }, from) =>
      this.for(from).openLine(peerId, rtpCapabilities, maxKbps),
    );
    messenger.onRequest('line_connect', async ({ peerId, lineId, direction, dtlsParameters }) => {
      await media.connect(peerId, lineId, direction, dtlsParameters);
      return {};
    });
    messenger.onRequest('line_produce', async ({ peerId, lineId, ...request }) => ({
      producerId: await media.produce(peerId, lineId, request),
    }));
    messenger.onRequest('line_ready', async ({ peerId, lineId }) => ({
      changed: media.markReady(peerId, lineId),
    }));
    messenger.onRequest('line_restart_ice', async ({ peerId, lineId, direction }) => ({
      iceParameters: await media.restartIce(peerId, lineId, direction),
    }));
    messenger.onRequest('line_gateway', async ({ peerId, lineId }, from) => ({
      known: this.setGateway(peerId, lineId, from),
    }));
    this.handleBridgeRequests();
  }

  private handleBridgeRequests(): void {
    const { media, messenger } = this.deps;
    messenger.onRequest('bridge_create', async ({ peerIds, other, ...bridge }, from) => {
      return { media: [...(await this.for(from).createBridge(bridge, peerIds, other))] };
    });
    messenger.onRequest('bridge_resume_consumers', async ({ callId, generation, sound }) => {
      await media.resumeConsumers(callId, generation, sound);
      return {};
    });
    messenger.onRequest('bridge_resume_producers', async ({ callId, generation, sound }) => {
      await media.resumeProducers(callId, generation, sound);
      return {};
    });
    messenger.onRequest('pipe_open', (request, from) => media.openPipe({ ...request, from }));
    messenger.onRequest('bridge_leg_create', async (request) => {
      const { media: own, outgoing } = await media.createBridgeLeg(request);
      return { media: own, outgoing: [...outgoing] };
    });
  }
}
