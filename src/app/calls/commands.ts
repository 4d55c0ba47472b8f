import { chatPage } from '../../domain/calls';
import { DomainError } from '../../domain/error';
import { CLIENT_EVENTS, type ClientData, type ClientReply } from '../../protocol';
import type { Peer } from '../peers/peer';
import type { Call } from './call';
import type { CallHistory } from './call-history';
import type { Calls } from './calls';
import type { Chat } from './chat';
import type { MediaNegotiation } from './media-negotiation';

/** Client events that the owner of the call executes, wherever the socket is. */
const CALL_EVENTS = [
  'accept_partner',
  'chat_message',
  'typing',
  'message_delivered',
  'message_read',
  'chat_history',
  'report_user',
  'block_user',
  'call_media_ready',
  'media_state',
] as const;
export type CallEventName = (typeof CALL_EVENTS)[number];

/** A client's event about their present call, or about one that ended a short while ago. */
export type CallCommand = {
  readonly [E in CallEventName]: { readonly event: E; readonly data: ClientData<E> };
}[CallEventName];

export const isCallEvent = (event: string): event is CallEventName =>
  (CALL_EVENTS as readonly string[]).includes(event);

/** A command that another node forwards. Throws `DomainError` with `unknown_event` or `bad_data`. */
export function parseCallCommand(event: string, data: unknown): CallCommand {
  if (!isCallEvent(event)) throw new DomainError('unknown_event', 'there is no such command');
  const parsed = CLIENT_EVENTS[event].data.safeParse(data);
  if (!parsed.success) throw new DomainError('bad_data', `the data of ${event} was not understood`);
  // The schema of exactly this event has just parsed it; TypeScript cannot follow that through the table.
  return { event, data: parsed.data } as CallCommand;
}

/** Reports and blocks of participants, served by moderation. */
export interface CallModeration {
  report(peer: Peer, report: ClientData<'report_user'>): Promise<ClientReply<'report_user'>>;
  block(peer: Peer, callId: string): Promise<void>;
}

/** Keeps calls where another node finds them when this one dies. */
export interface CallKeeper {
  /** Resolves when the call as it is now is kept. Throws `DomainError` with `stale_call` when another node owns it. */
  kept(call: Call): Promise<void>;
}

export interface CallCommandsDeps {
  readonly calls: Calls;
  readonly chat: Chat;
  readonly history: Pick<CallHistory, 'messagesFor'>;
  readonly negotiation: MediaNegotiation;
  readonly moderation: CallModeration;
  /** `null` where no other node could take a call over. */
  readonly keeper: CallKeeper | null;
}

/** Executes commands about calls that are owned here, whether the participant's socket is here or not. */
export class CallCommands {
  constructor(private readonly deps: CallCommandsDeps) {}

  /** Answers with the data of the reply. */
  async execute(peer: Peer, { event, data }: CallCommand): Promise<object> {
    const { calls, chat, negotiation, moderation } = this.deps;
    switch (event) {
      case 'accept_partner':
        calls.accept(peer, data.callId);
        return {};
      case 'chat_message':
        return this.say(peer, data);
      case 'typing':
        chat.typing(peer, data);
        return {};
      case 'message_delivered':
        chat.delivered(peer, data);
        return {};
      case 'message_read':
        chat.read(peer, data);
        return {};
      case 'chat_history':
        return this.past(peer, data);
      case 'report_user':
        return moderation.report(peer, data);
      case 'block_user':
        await moderation.block(peer, data.callId);
        return {};
      case 'call_media_ready':
        await negotiation.clientReady(peer, data);
        return {};
      case 'media_state':
        calls.setMediaState(peer, data);
        return {};
    }
  }

  private async past(peer: Peer, about: ClientData<'chat_history'>): Promise<object> {
    const { calls, history } = this.deps;
    return chatPage(await history.messagesFor(calls.current(peer, about.callId), peer), about.until);
  }

  /**
   * The reply says that the message is not lost, so it waits until the message is kept. A node that was held up may have
   * been taken for dead: then the sender's node repeats the message at the new owner.
   */
  private async say(peer: Peer, message: ClientData<'chat_message'>): Promise<ClientReply<'chat_message'>> {
    const { calls, chat, keeper } = this.deps;
    const call = calls.current(peer, message.callId);
    const reply = chat.say(peer, message);
    await keeper?.kept(call);
    return reply;
  }
}
