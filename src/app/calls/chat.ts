import { takeToken } from '../../domain/token-bucket';
import { DomainError } from '../../domain/error';
import type { ClientData, ClientReply } from '../../protocol';
import { CHAT_LIMIT, type Call, type ChatEntry } from './call';
import type { Calls } from './calls';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';

/** The guests of one address share a pace. */
export interface MessagePace {
  /** Throws `DomainError('rate_limited')`. */
  message(peer: Peer): void;
}

/** Messages that may be undelivered while the partner is away. All are sent at once when the partner is back. */
const UNDELIVERED = 60;

/** Messages that a call remembers for receipts and for a participant who comes back. Older ones are settled anyway. */
const REMEMBERED = 500;

export interface ChatEvents {
  /** A message was accepted. Told once for each message. */
  said(call: Call, entry: ChatEntry): void;
}

/** Text messages between the participants of a call, with receipts: sent → delivered → read (S8). */
export class Chat implements EventSource<ChatEvents> {
  private readonly events = new EventEmitter<ChatEvents>();

  constructor(
    private readonly calls: Calls,
    private readonly clock: Clock,
    private readonly pace: MessagePace,
  ) {}

  on(listener: Partial<ChatEvents>): void {
    this.events.on(listener);
  }

  /** Accepts a message. If it is sent again (after a reconnect), it gets the same reply and goes no further. */
  say(peer: Peer, { callId, id, text }: ClientData<'chat_message'>): ClientReply<'chat_message'> {
    const call = this.calls.current(peer, callId);
    if (call.phase.phase !== 'open')
      throw new DomainError('not_accepted_yet', 'chat opens when both have said yes');
    const known = call.chat.get(keyOf(peer.id, id));
    if (known !== undefined) return { id, timestamp: known.timestamp };
    this.makeRoom(call, peer);
    const entry: ChatEntry = { id, senderId: peer.id, text, timestamp: this.clock.now(), status: 'sent' };
    call.chat.set(keyOf(peer.id, id), entry);
    call.messageCount += 1;
    this.events.emit((listener) => listener.said?.(call, entry));
    this.calls.changed(call);
    this.stopTyping(call, peer);
    this.deliver(call, entry, peer);
    return { id, timestamp: entry.timestamp };
  }

  /** Messages that another owner of the call has acknowledged and recorded. Those known here are left as they are. */
  add(call: Call, messages: readonly ChatEntry[]): void {
    for (const message of messages) {
      const key = keyOf(message.senderId, message.id);
      const sender = call.participant(message.senderId)?.peer;
      if (sender === undefined || call.chat.has(key)) continue;
      call.chat.set(key, { ...message });
      call.messageCount += 1;
      this.deliver(call, message, sender);
    }
    this.calls.changed(call);
  }

  typing(peer: Peer, { callId, typing }: ClientData<'typing'>): void {
    const call = this.calls.current(peer, callId);
    const participant = call.participant(peer.id);
    if (participant === undefined || call.phase.phase !== 'open' || participant.typing === typing) return;
    participant.typing = typing;
    this.calls.sendState(call, peer);
  }

  delivered(peer: Peer, { callId, id }: ClientData<'message_delivered'>): void {
    const call = this.calls.current(peer, callId);
    this.settle(call, this.fromPartner(call, peer, id), 'delivered');
  }

  /** Everything up to this message has been read. */
  read(peer: Peer, { callId, id }: ClientData<'message_read'>): void {
    const call = this.calls.current(peer, callId);
    const last = this.fromPartner(call, peer, id);
    for (const entry of call.chat.values()) {
      if (entry.senderId === last.senderId) this.settle(call, entry, 'read');
      if (entry === last) return;
    }
  }

  /** The peer is back on a new socket. What they may have missed is sent again; their client knows the ids. */
  catchUp(call: Call, peer: Peer): void {
    for (const entry of call.chat.values()) {
      const sender = call.participant(entry.senderId)?.peer;
      if (sender === undefined) continue;
      if (sender === peer) this.sendStatus(call, entry, peer);
      else if (entry.status === 'sent') this.deliver(call, entry, sender);
    }
  }

  /** A message that the peer's partner sent in this call. */
  private fromPartner(call: Call, peer: Peer, id: string): ChatEntry {
    const entry = call.chat.get(keyOf(call.other(peer.id).peer.id, id));
    if (entry === undefined) throw new DomainError('unknown_message', 'your partner sent no such message');
    return entry;
  }

  /** A receipt never goes backwards. */
  private settle(call: Call, entry: ChatEntry, status: 'delivered' | 'read'): void {
    if (entry.status === 'read' || entry.status === status) return;
    entry.status = status;
    this.calls.changed(call);
    const sender = call.participant(entry.senderId)?.peer;
    if (sender !== undefined) this.sendStatus(call, entry, sender);
  }

  private sendStatus(call: Call, { id, status }: ChatEntry, sender: Peer): void {
    sender.send({ event: 'message_status', data: { callId: call.id, id, status } });
  }

  private deliver(call: Call, entry: ChatEntry, sender: Peer): void {
    call.other(sender.id).peer.send({
      event: 'chat_message',
      data: {
        callId: call.id,
        id: entry.id,
        senderId: sender.id,
        senderUsername: sender.name,
        type: 'text',
        content: entry.text,
        timestamp: entry.timestamp,
      },
    });
  }

  private stopTyping(call: Call, peer: Peer): void {
    const participant = call.participant(peer.id);
    if (participant?.typing !== true) return;
    participant.typing = false;
    this.calls.sendState(call, peer);
  }

  /** Throws when messages come too fast or pile up. Only delivered ones may be forgotten: no accepted one is lost. */
  private makeRoom(call: Call, peer: Peer): void {
    const participant = call.participant(peer.id);
    if (participant === undefined) return;
    const { bucket, waitMs } = takeToken(participant.chatBucket, CHAT_LIMIT, this.clock.elapsed());
    participant.chatBucket = bucket;
    if (waitMs > 0) throw new DomainError('rate_limited', 'too many messages', waitMs);
    this.pace.message(peer);
    const entries = [...call.chat.values()];
    const undelivered = entries.filter(({ senderId, status }) => senderId === peer.id && status === 'sent');
    if (undelivered.length >= UNDELIVERED) {
      throw new DomainError('rate_limited', 'too many messages are still on their way', 2000);
    }
    const settled = entries.find(({ status }) => status !== 'sent');
    if (entries.length >= REMEMBERED && settled !== undefined) {
      call.chat.delete(keyOf(settled.senderId, settled.id));
    }
  }
}

/** A message's id is its sender's own, so that the two participants need not agree on ids. */
export const keyOf = (senderId: string, id: string): string => `${senderId} ${id}`;
