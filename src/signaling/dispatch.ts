import type { Chat } from '../app/chat';
import type { CallMediaDirector } from '../app/calls/call-media';
import type { Calls } from '../app/calls/calls';
import type { AwayCalls } from '../app/cluster/calls/away-calls';
import type { Lines } from '../app/lines';
import type { Person } from '../app/people/person';
import type { Safety } from '../app/safety/safety';
import type { Lobby } from '../app/search/lobby';
import { Refusal } from '../domain/refusal';
import type { ClientEventName } from '../protocol';
import type { ClientFrame } from './frame';

/** The use cases that messages lead to. */
export interface UseCases {
  readonly lobby: Lobby;
  readonly calls: Calls;
  readonly callMedia: CallMediaDirector;
  readonly chat: Chat;
  readonly safety: Safety;
  readonly lines: Lines;
  readonly awayCalls: AwayCalls;
}

type Frame<E extends ClientEventName> = Extract<ClientFrame, { event: E }>;
const nothing = {};

/** Leads each message of somebody who has said hello to its use case, and answers with the reply's data. */
export async function dispatch(to: UseCases, person: Person, frame: ClientFrame): Promise<object> {
  const elsewhere = callElsewhere(to, person, frame);
  if (elsewhere !== undefined) {
    try {
      return await aboutCallElsewhere(to, person, elsewhere, frame);
    } catch (error) {
      // Its home has given it up in this very moment, and it is at home here now.
      const hasComeHome = callElsewhere(to, person, frame) === undefined && to.calls.get(elsewhere);
      if (hasComeHome && error instanceof Refusal && error.code === 'stale_call')
        return dispatch(to, person, frame);
      throw error;
    }
  }
  switch (frame.event) {
    case 'hello':
      throw new Refusal('already_greeted', 'hello comes once');
    case 'find_partner':
    case 'next_partner':
      return search(to, person, frame);
    case 'cancel_search':
      await cancel(to, person);
      return nothing;
    case 'leave_room':
      to.calls.end(to.calls.present(person, frame.data.callId), 'left', person);
      return nothing;
    case 'accept_partner':
      to.calls.accept(person, frame.data.callId);
      return nothing;
    case 'chat_message':
      return to.chat.say(person, frame.data);
    case 'typing':
      to.chat.typing(person, frame.data);
      return nothing;
    case 'message_delivered':
      to.chat.delivered(person, frame.data);
      return nothing;
    case 'message_read':
      to.chat.read(person, frame.data);
      return nothing;
    case 'report_user':
      return to.safety.report(person, frame.data);
    case 'block_user':
      await to.safety.block(person, frame.data.callId);
      return nothing;
    case 'call_media_ready':
      await to.callMedia.answered(person, frame.data.callId, frame.data.generation);
      return nothing;
    default:
      return line(to, person, frame);
  }
}

/** The call that a message is about, where that call is at home on another node. */
function callElsewhere({ awayCalls }: UseCases, person: Person, frame: ClientFrame): string | undefined {
  // Somebody seated elsewhere is here because this is the home of their call.
  if (person.seatedAt !== null) return undefined;
  if (frame.event === 'media_state') return awayCalls.of(person)?.callId;
  if (!('callId' in frame.data)) return undefined;
  return awayCalls.homeOf(person, frame.data.callId) === undefined ? undefined : frame.data.callId;
}

async function aboutCallElsewhere(
  to: UseCases,
  person: Person,
  callId: string,
  frame: ClientFrame,
): Promise<object> {
  const { awayCalls, lobby, lines } = to;
  const isPresent = awayCalls.of(person)?.callId === callId;
  switch (frame.event) {
    case 'next_partner': {
      if (!isPresent || person.session.state !== 'in_call')
        throw new Refusal('stale_call', 'that call is over');
      const { wishes } = person.session;
      await awayCalls.leave(person, 'next');
      endIfHome(to, person, callId, 'next');
      return { pauseMs: await lobby.again(person, wishes) };
    }
    case 'leave_room':
      if (!isPresent) throw new Refusal('stale_call', 'that call is over');
      await awayCalls.leave(person, 'left');
      endIfHome(to, person, callId, 'left');
      return nothing;
    case 'media_state':
      lines.setState(person, frame.data);
      return awayCalls.act(person, callId, frame.event, frame.data);
    default:
      return awayCalls.act(person, callId, frame.event, frame.data);
  }
}

/** While another node was asked to end it, this one may have become the call's home. */
function endIfHome({ calls }: UseCases, person: Person, callId: string, reason: 'next' | 'left'): void {
  const call = calls.get(callId);
  if (call?.member(person.id)?.person === person) calls.end(call, reason, person);
}

async function search(
  { lobby }: UseCases,
  person: Person,
  frame: Frame<'find_partner' | 'next_partner'>,
): Promise<object> {
  switch (frame.event) {
    case 'find_partner': {
      const { agreed, ...wishes } = frame.data;
      if (!agreed) throw new Refusal('terms_required', 'the rules have to be agreed to first');
      await lobby.seek(person, wishes);
      return nothing;
    }
    case 'next_partner':
      return { pauseMs: await lobby.next(person, frame.data.callId) };
  }
}

async function cancel(to: UseCases, person: Person): Promise<void> {
  const away = to.awayCalls.of(person);
  const home = person.session.state === 'in_call' ? to.calls.get(person.session.callId) : undefined;
  // Found a moment ago, and not told of it yet: to them, this is a search.
  if (away !== undefined && !away.announced) {
    await to.awayCalls.leave(person, 'left');
    endIfHome(to, person, away.callId, 'left');
  } else if (home !== undefined && !home.announced) to.calls.end(home, 'left', person);
  else await to.lobby.cancel(person);
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

async function line({ lines }: UseCases, person: Person, frame: Frame<LineEvent>): Promise<object> {
  switch (frame.event) {
    case 'line_open':
      return lines.open(person, frame.data);
    case 'line_connect':
      await lines.connect(person, frame.data);
      return nothing;
    case 'line_produce':
      return lines.produce(person, frame.data);
    case 'line_unproduce':
      lines.unproduce(person, frame.data);
      return nothing;
    case 'line_ready':
      await lines.ready(person, frame.data);
      return nothing;
    case 'line_restart_ice':
      return lines.restartIce(person, frame.data);
    case 'line_close':
      lines.close(person, frame.data);
      return nothing;
    case 'media_state':
      lines.setState(person, frame.data);
      return nothing;
  }
}
