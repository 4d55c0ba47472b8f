import { takeToken } from '../domain/pace';
import { Refusal } from '../domain/refusal';
import type { ClientData, ClientReply } from '../protocol';
import { CHAT_LIMIT, type Call, type ChatEntry } from './calls/call';
import type { Calls } from './calls/calls';
import type { Person } from './people/person';
import type { Clock } from './ports/clock';

/** Messages that may be on their way to somebody who is away: what they are sent at once when they are back. */
const UNDELIVERED = 60;

/** Messages a call remembers for receipts and for someone who comes back. Older ones are settled anyway. */
const REMEMBERED = 500;

/** Text between two people in a call, with receipts: sent → delivered → read (S8). */
export class Chat {
  private readonly listeners: ((call: Call, entry: ChatEntry) => void)[] = [];

  constructor(
    private readonly calls: Calls,
    private readonly clock: Clock,
  ) {}

  /** Hears each message once, when it is accepted. */
  onSaid(listener: (call: Call, entry: ChatEntry) => void): void {
    this.listeners.push(listener);
  }

  /** Accepts a message. One that comes a second time (after a reconnect) gets the same answer and goes nowhere. */
  say(person: Person, { callId, id, text }: ClientData<'chat_message'>): ClientReply<'chat_message'> {
    const call = this.calls.present(person, callId);
    if (call.phase.phase !== 'open')
      throw new Refusal('not_accepted_yet', 'chat opens when both have said yes');
    const known = call.chat.get(keyOf(person.id, id));
    if (known !== undefined) return { id, timestamp: known.timestamp };
    this.makeRoom(call, person);
    const entry: ChatEntry = { id, senderId: person.id, text, timestamp: this.clock.now(), status: 'sent' };
    call.chat.set(keyOf(person.id, id), entry);
    call.lines += 1;
    for (const listener of this.listeners) listener(call, entry);
    this.calls.changed(call);
    this.stopTyping(call, person);
    this.deliver(call, entry, person);
    return { id, timestamp: entry.timestamp };
  }

  typing(person: Person, { callId, typing }: ClientData<'typing'>): void {
    const call = this.calls.present(person, callId);
    const member = call.member(person.id);
    if (member === undefined || call.phase.phase !== 'open' || member.typing === typing) return;
    member.typing = typing;
    this.calls.tellState(call, person);
  }

  delivered(person: Person, { callId, id }: ClientData<'message_delivered'>): void {
    const call = this.calls.present(person, callId);
    this.settle(call, this.theirs(call, person, id), 'delivered');
  }

  /** Everything up to this message has been read. */
  read(person: Person, { callId, id }: ClientData<'message_read'>): void {
    const call = this.calls.present(person, callId);
    const last = this.theirs(call, person, id);
    for (const entry of call.chat.values()) {
      if (entry.senderId === last.senderId) this.settle(call, entry, 'read');
      if (entry === last) return;
    }
  }

  /** Someone is back on a new socket: what they may have missed is sent again; their client knows the ids. */
  catchUp(call: Call, person: Person): void {
    for (const entry of call.chat.values()) {
      const sender = call.member(entry.senderId)?.person;
      if (sender === undefined) continue;
      if (sender === person) this.tellStatus(call, entry, person);
      else if (entry.status === 'sent') this.deliver(call, entry, sender);
    }
  }

  /** A message of the other one in this call. */
  private theirs(call: Call, person: Person, id: string): ChatEntry {
    const entry = call.chat.get(keyOf(call.other(person.id).person.id, id));
    if (entry === undefined) throw new Refusal('unknown_message', 'there is no such message of theirs');
    return entry;
  }

  /** A receipt never goes backwards. */
  private settle(call: Call, entry: ChatEntry, status: 'delivered' | 'read'): void {
    if (entry.status === 'read' || entry.status === status) return;
    entry.status = status;
    this.calls.changed(call);
    const sender = call.member(entry.senderId)?.person;
    if (sender !== undefined) this.tellStatus(call, entry, sender);
  }

  private tellStatus(call: Call, { id, status }: ChatEntry, sender: Person): void {
    sender.tell({ event: 'message_status', data: { callId: call.id, id, status } });
  }

  private deliver(call: Call, entry: ChatEntry, sender: Person): void {
    call.other(sender.id).person.tell({
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

  private stopTyping(call: Call, person: Person): void {
    const member = call.member(person.id);
    if (member?.typing !== true) return;
    member.typing = false;
    this.calls.tellState(call, person);
  }

  /** Refuses what comes too fast or piles up. Only what has arrived may be forgotten: nothing accepted is lost. */
  private makeRoom(call: Call, person: Person): void {
    const member = call.member(person.id);
    if (member === undefined) return;
    const { pace, waitMs } = takeToken(member.chatPace, CHAT_LIMIT, this.clock.now());
    member.chatPace = pace;
    if (waitMs > 0) throw new Refusal('rate_limited', 'too many messages', waitMs);
    const entries = [...call.chat.values()];
    const onTheirWay = entries.filter(({ senderId, status }) => senderId === person.id && status === 'sent');
    if (onTheirWay.length >= UNDELIVERED) {
      throw new Refusal('rate_limited', 'too many messages are still on their way', 2000);
    }
    const settled = entries.find(({ status }) => status !== 'sent');
    if (entries.length >= REMEMBERED && settled !== undefined) {
      call.chat.delete(keyOf(settled.senderId, settled.id));
    }
  }
}

/** Ids are their sender's own, so that no two people have to agree on them. */
export const keyOf = (senderId: string, id: string): string => `${senderId} ${id}`;
