import type { CallRouter } from '../app/calls/router';
import type { LineRequests } from '../app/lines/line-requests';
import type { Lobby } from '../app/matchmaking/lobby';
import type { Peer } from '../app/peers/peer';
import { DomainError } from '../domain/error';
import type { ClientFrame } from './frame';

/** The use cases that messages of clients lead to. */
export interface UseCases {
  readonly lobby: Lobby;
  readonly router: CallRouter;
  readonly lineRequests: LineRequests;
}

/** Calls the one use case of a message from a peer whose handshake is complete; answers with the data of the reply. */
export async function dispatch(
  { lobby, router, lineRequests }: UseCases,
  peer: Peer,
  frame: ClientFrame,
): Promise<object> {
  switch (frame.event) {
    case 'hello':
      throw new DomainError('already_greeted', 'hello comes once');
    case 'ping':
      return {};
    case 'find_partner': {
      const { agreed, ...wishes } = frame.data;
      if (!agreed) throw new DomainError('terms_required', 'the rules have to be agreed to first');
      await lobby.seek(peer, wishes);
      return {};
    }
    case 'next_partner':
      return { pauseMs: await lobby.next(peer, frame.data.callId) };
    case 'cancel_search':
      await lobby.cancel(peer);
      return {};
    case 'leave_room':
      await router.leave(peer, frame.data.callId, 'left');
      return {};
    case 'line_open':
      return lineRequests.open(peer, frame.data);
    case 'line_connect':
      await lineRequests.connect(peer, frame.data);
      return {};
    case 'line_produce':
      return lineRequests.produce(peer, frame.data);
    case 'line_unproduce':
      lineRequests.unproduce(peer, frame.data);
      return {};
    case 'line_ready':
      await lineRequests.ready(peer, frame.data);
      return {};
    case 'line_restart_ice':
      return lineRequests.restartIce(peer, frame.data);
    case 'line_close':
      lineRequests.close(peer, frame.data);
      return {};
    default:
      return router.execute(peer, frame);
  }
}
