import type { Chat } from '../app/calls/chat';
import type { MediaNegotiation } from '../app/calls/media-negotiation';
import type { Calls } from '../app/calls/calls';
import type { RemoteCalls } from '../app/calls/remote-calls';
import type { Lines } from '../app/lines/line-requests';
import type { Peer } from '../app/peers/peer';
import type { Safety } from '../app/moderation/safety';
import type { Lobby } from '../app/matchmaking/lobby';
import { DomainError } from '../domain/error';
import type { ClientEventName } from '../protocol';
import type { ClientFrame } from './frame';

/** The use cases that messages lead to. */
export interface UseCases {
  readonly lobby: Lobby;
  readonly calls: Calls;
  readonly negotiation: MediaNegotiation;
  readonly chat: Chat;
  readonly safety: Safety;
  readonly lines: Lines;
  readonly remoteCalls: RemoteCalls;
}

type Frame<E extends ClientEventName> = Extract<ClientFrame, { event: E }>;
const nothing = {};

/** Leads each message of somebody who has said hello to its use case, and answers with the reply's data. */
export async function dispatch(to: UseCases, peer: Peer, frame: ClientFrame): Promise<object> {
  const elsewhere = callElsewhere(to, peer, frame);
  if (elsewhere !== undefined) {
    try {
      return await aboutCallElsewhere(to, peer, elsewhere, frame);
    } catch (error) {
      // Its home has given it up in this very moment, and it is at home here now.
      const hasComeHome = callElsewhere(to, peer, frame) === undefined && to.calls.get(elsewhere);
      if (hasComeHome && error instanceof DomainError && error.code === 'stale_call')
        return dispatch(to, peer, frame);
      throw error;
    }
  }
  switch (frame.event) {
    case 'hello':
      throw new DomainError('already_greeted', 'hello comes once');
    case 'find_partner':
    case 'next_partner':
      return search(to, peer, frame);
    case 'cancel_search':
      await cancel(to, peer);
      return nothing;
    case 'leave_room':
      to.calls.end(to.calls.current(peer, frame.data.callId), 'left', peer);
      return nothing;
    case 'accept_partner':
      to.calls.accept(peer, frame.data.callId);
      return nothing;
    case 'chat_message':
      return to.chat.say(peer, frame.data);
    case 'typing':
      to.chat.typing(peer, frame.data);
      return nothing;
    case 'message_delivered':
      to.chat.delivered(peer, frame.data);
      return nothing;
    case 'message_read':
      to.chat.read(peer, frame.data);
      return nothing;
    case 'report_user':
      return to.safety.report(peer, frame.data);
    case 'block_user':
      await to.safety.block(peer, frame.data.callId);
      return nothing;
    case 'call_media_ready':
      await to.negotiation.clientReady(peer, frame.data.callId, frame.data.generation);
      return nothing;
    default:
      return line(to, peer, frame);
  }
}

/** The call that a message is about, where that call is at home on another node. */
function callElsewhere({ remoteCalls }: UseCases, peer: Peer, frame: ClientFrame): string | undefined {
  // Somebody seated elsewhere is here because this is the home of their call.
  if (peer.gatewayNode !== null) return undefined;
  if (frame.event === 'media_state') return remoteCalls.of(peer)?.callId;
  if (!('callId' in frame.data)) return undefined;
  return remoteCalls.ownerOf(peer, frame.data.callId) === undefined ? undefined : frame.data.callId;
}

async function aboutCallElsewhere(
  to: UseCases,
  peer: Peer,
  callId: string,
  frame: ClientFrame,
): Promise<object> {
  const { remoteCalls, lobby, lines } = to;
  const isPresent = remoteCalls.of(peer)?.callId === callId;
  switch (frame.event) {
    case 'next_partner': {
      if (!isPresent || peer.state.kind !== 'in_call')
        throw new DomainError('stale_call', 'that call is over');
      const { wishes } = peer.state;
      await remoteCalls.leave(peer, 'next');
      endIfHome(to, peer, callId, 'next');
      return { pauseMs: await lobby.again(peer, wishes) };
    }
    case 'leave_room':
      if (!isPresent) throw new DomainError('stale_call', 'that call is over');
      await remoteCalls.leave(peer, 'left');
      endIfHome(to, peer, callId, 'left');
      return nothing;
    case 'media_state':
      lines.setState(peer, frame.data);
      return remoteCalls.forward(peer, callId, frame.event, frame.data);
    default:
      return remoteCalls.forward(peer, callId, frame.event, frame.data);
  }
}

/** While another node was asked to end it, this one may have become the call's home. */
function endIfHome({ calls }: UseCases, peer: Peer, callId: string, reason: 'next' | 'left'): void {
  const call = calls.get(callId);
  if (call?.participant(peer.id)?.peer === peer) calls.end(call, reason, peer);
}

async function search(
  { lobby }: UseCases,
  peer: Peer,
  frame: Frame<'find_partner' | 'next_partner'>,
): Promise<object> {
  switch (frame.event) {
    case 'find_partner': {
      const { agreed, ...wishes } = frame.data;
      if (!agreed) throw new DomainError('terms_required', 'the rules have to be agreed to first');
      await lobby.seek(peer, wishes);
      return nothing;
    }
    case 'next_partner':
      return { pauseMs: await lobby.next(peer, frame.data.callId) };
  }
}

async function cancel(to: UseCases, peer: Peer): Promise<void> {
  const away = to.remoteCalls.of(peer);
  const home = peer.state.kind === 'in_call' ? to.calls.get(peer.state.callId) : undefined;
  // Found a moment ago, and not told of it yet: to them, this is a search.
  if (away !== undefined && !away.announced) {
    await to.remoteCalls.leave(peer, 'left');
    endIfHome(to, peer, away.callId, 'left');
  } else if (home !== undefined && !home.announced) to.calls.end(home, 'left', peer);
  else await to.lobby.cancel(peer);
}

type LineEvent =
  | 'line_open'
  | 'line_connect'
  | 'line_produce'
  | 'line_unproduce'
  | 'line_ready'
  | 'line_restart_ice'
  | 'line_close'
  | 'media_state';

async function line({ lines }: UseCases, peer: Peer, frame: Frame<LineEvent>): Promise<object> {
  switch (frame.event) {
    case 'line_open':
      return lines.open(peer, frame.data);
    case 'line_connect':
      await lines.connect(peer, frame.data);
      return nothing;
    case 'line_produce':
      return lines.produce(peer, frame.data);
    case 'line_unproduce':
      lines.unproduce(peer, frame.data);
      return nothing;
    case 'line_ready':
      await lines.ready(peer, frame.data);
      return nothing;
    case 'line_restart_ice':
      return lines.restartIce(peer, frame.data);
    case 'line_close':
      lines.close(peer, frame.data);
      return nothing;
    case 'media_state':
      lines.setState(peer, frame.data);
      return nothing;
  }
}
