import type { NodeAddress } from '../../ports/bus';
import type { MediaPeer } from '../../ports/media-node';
import type { Switchboard } from '../switchboard';
import type { LineHost } from './line-host';

/** Another node as a place for lines: everything is asked of it over the bus. */
export function remoteHost(switchboard: Switchboard, node: NodeAddress): LineHost {
  const ask: Switchboard['ask'] = (...question) => switchboard.ask(...question);
  return {
    openLine: (personId, rtpCapabilities, maxKbps) =>
      ask(node, 'line_open', { personId, rtpCapabilities, maxKbps }),
    connect: async (personId, lineId, direction, dtlsParameters) => {
      await ask(node, 'line_connect', { personId, lineId, direction, dtlsParameters });
    },
    produce: async (personId, lineId, request) =>
      (await ask(node, 'line_produce', { personId, lineId, ...request })).producerId,
    unproduce: (personId, lineId, source) =>
      switchboard.tell(node, 'line_unproduce', { personId, lineId, source }),
    markReady: async (personId, lineId) => (await ask(node, 'line_ready', { personId, lineId })).changed,
    restartIce: async (personId, lineId, direction) =>
      (await ask(node, 'line_restart_ice', { personId, lineId, direction })).iceParameters,
    limit: (personId, maxKbps) => switchboard.tell(node, 'line_limit', { personId, maxKbps }),
    closeLine: (personId, lineId) => switchboard.tell(node, 'line_close', { personId, lineId }),
    seat: async (personId, lineId) => (await ask(node, 'line_seat', { personId, lineId })).known,
    join: async ({ callId, generation, sources, beside }, personIds, other) => {
      const { media } = await ask(node, 'call_join', {
        callId,
        generation,
        sources: [...sources],
        beside,
        personIds: [personIds[0], personIds[1]],
        other,
      });
      return new Map(media);
    },
    openWay: async (callId, generation, sound) => {
      await ask(node, 'call_open_way', { callId, generation, sound });
    },
    letFlow: async (callId, generation, sound) => {
      await ask(node, 'call_let_flow', { callId, generation, sound });
    },
    part: (callId, generation) => switchboard.tell(node, 'call_part', { callId, generation }),
  };
}

/** The media of another node, as this node's media asks it for the other half of a call. */
export function remotePeer(switchboard: Switchboard, node: NodeAddress): MediaPeer {
  return {
    openPipe: ({ pipeId, router, end }) => switchboard.ask(node, 'pipe_open', { pipeId, router, end }),
    layHalf: ({ sources, incoming, ...request }) =>
      switchboard.ask(node, 'half_lay', { ...request, sources: [...sources], incoming: [...incoming] }),
    closePipe: (pipeId) => {
      switchboard.tell(node, 'pipe_close', { pipeId });
      return Promise.resolve();
    },
  };
}
