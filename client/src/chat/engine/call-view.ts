import type { PastMessage, ServerData, ServerMessage } from '../../../../src/protocol';
import type { CallView, ChatLine, MessageState } from './state';

/** The messages that concern the current call. */
export type AboutCall = Extract<
  ServerMessage,
  {
    event:
      | 'call_open'
      | 'partner_state'
      | 'partner_reconnecting'
      | 'partner_disconnected'
      | 'chat_message'
      | 'message_status';
  }
>;

/** Pure functions from one view of a call to the next. */

export function newCall(found: ServerData<'partner_found'>, remote: MediaStream, now: number): CallView {
  const { callId, mode, partner, shared, accept, talkedMs } = found;
  return {
    callId,
    mode,
    partner,
    shared,
    // The server says how long, because the clock of this device may be set otherwise.
    startedAt: now - talkedMs,
    accept: accept === null ? null : { until: now + accept.remainingMs, you: accept.you, they: false },
    remote,
    flowing: false,
    they: { microphone: true, camera: mode === 'video', typing: false },
    away: null,
    chat: [],
    unread: 0,
  };
}

export function withPartnerState(call: CallView, state: ServerData<'partner_state'>): CallView {
  const { microphone, camera, typing, accepted, present } = state;
  return {
    ...call,
    they: { microphone, camera, typing },
    accept: call.accept === null ? null : { ...call.accept, they: accepted },
    away: present ? null : call.away,
  };
}

export const withPartnerAway = (
  call: CallView,
  { graceMs }: ServerData<'partner_reconnecting'>,
  now: number,
): CallView => ({ ...call, away: { until: now + graceMs, graceMs } });

export function withIncoming(call: CallView, message: ServerData<'chat_message'>): CallView {
  if (call.chat.some(({ id, mine }) => !mine && id === message.id)) return call;
  const line: ChatLine = {
    id: message.id,
    mine: false,
    text: message.content,
    at: message.timestamp,
    state: 'delivered',
  };
  return {
    ...call,
    chat: [...call.chat, line],
    unread: call.unread + 1,
    they: { ...call.they, typing: false },
  };
}

/**
 * Adds messages of before this page was loaded. Those of the partner that nobody has read count as unread, so that a read
 * receipt follows.
 */
export function withPast(call: CallView, past: readonly PastMessage[]): CallView {
  const mineOf = ({ senderId }: PastMessage): boolean => senderId !== call.partner.id;
  const known = new Set(call.chat.map(({ id, mine }) => `${mine} ${id}`));
  const missing = past.filter((message) => {
    const key = `${mineOf(message)} ${message.id}`;
    return !known.has(key) && known.add(key);
  });
  if (missing.length === 0) return call;
  const lines = missing.map((message): ChatLine => {
    const { id, content, timestamp, status } = message;
    return { id, mine: mineOf(message), text: content, at: timestamp, state: status };
  });
  const unread = missing.filter((message) => !mineOf(message) && message.status !== 'read').length;
  const chat = [...lines, ...call.chat].sort((one, other) => one.at - other.at);
  return { ...call, chat, unread: call.unread + unread };
}

export function withOutgoing(call: CallView, id: string, text: string, now: number): CallView {
  return { ...call, chat: [...call.chat, { id, mine: true, text, at: now, state: 'sending' }] };
}

const RANK: Record<MessageState, number> = { failed: 0, sending: 1, sent: 2, delivered: 3, read: 4 };

/** A state never goes back: a late `delivered` does not replace `read`. */
export function withMessageState(call: CallView, id: string, state: MessageState): CallView {
  const chat = call.chat.map((line) => {
    if (line.id !== id || !line.mine) return line;
    return RANK[state] > RANK[line.state] || state === 'failed' ? { ...line, state } : line;
  });
  return { ...call, chat };
}

export const withRetry = (call: CallView, id: string): CallView => ({
  ...call,
  chat: call.chat.map((line) =>
    line.id === id && line.state === 'failed' ? { ...line, state: 'sending' } : line,
  ),
});

/** The newest message of the partner, which a read receipt names. */
export const lastPartnerMessage = (call: CallView): ChatLine | undefined =>
  call.chat.findLast(({ mine }) => !mine);
