import type { NodeAddress } from '../ports/bus';
import type { MediaPeer } from './media-node';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineHost } from './line-host';

/** Another node as a place for lines: everything is asked of it over the bus. */
export function remoteHost(messenger: NodeMessenger, node: NodeAddress): LineHost {
  const ask: NodeMessenger['request'] = (...question) => messenger.request(...question);
  return {
    openLine: (peerId, rtpCapabilities, maxKbps) =>
      ask(node, 'line_open', { peerId, rtpCapabilities, maxKbps }),
    connect: async (peerId, lineId, direction, dtlsParameters) => {
      await ask(node, 'line_connect', { peerId, lineId, direction, dtlsParameters });
    },
    produce: async (peerId, lineId, request) =>
      (await ask(node, 'line_produce', { peerId, lineId, ...request })).producerId,
    unproduce: (peerId, lineId, source) =>
      messenger.notify(node, 'line_unproduce', { peerId, lineId, source }),
    markReady: async (peerId, lineId) => (await ask(node, 'line_ready', { peerId, lineId })).changed,
    restartIce: async (peerId, lineId, direction) =>
      (await ask(node, 'line_restart_ice', { peerId, lineId, direction })).iceParameters,
    limit: (peerId, maxKbps) => messenger.notify(node, 'line_limit', { peerId, maxKbps }),
    closeLine: (peerId, lineId) => messenger.notify(node, 'line_close', { peerId, lineId }),
    setGateway: async (peerId, lineId) => (await ask(node, 'line_gateway', { peerId, lineId })).known,
    createBridge: async ({ callId, generation, sources, makeBeforeBreak }, peerIds, other) => {
      const { media } = await ask(node, 'bridge_create', {
        callId,
        generation,
        sources: [...sources],
        makeBeforeBreak,
        peerIds: [peerIds[0], peerIds[1]],
        other,
      });
      return new Map(media);
    },
    resumeConsumers: async (callId, generation, sound) => {
      await ask(node, 'bridge_resume_consumers', { callId, generation, sound });
    },
    resumeProducers: async (callId, generation, sound) => {
      await ask(node, 'bridge_resume_producers', { callId, generation, sound });
    },
    closeBridge: (callId, generation) => messenger.notify(node, 'bridge_close', { callId, generation }),
  };
}

/** The media of another node, as this node's media asks it for the other half of a call. */
export function remotePeer(messenger: NodeMessenger, node: NodeAddress): MediaPeer {
  return {
    openPipe: ({ pipeId, router, end }) => messenger.request(node, 'pipe_open', { pipeId, router, end }),
    createBridgeLeg: ({ sources, incoming, ...request }) =>
      messenger.request(node, 'bridge_leg_create', {
        ...request,
        sources: [...sources],
        incoming: [...incoming],
      }),
    closePipe: (pipeId) => {
      messenger.notify(node, 'pipe_close', { pipeId });
      return Promise.resolve();
    },
  };
}
