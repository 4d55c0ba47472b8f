import type { ServerData } from '../../../src/protocol';
import { lastOfTheirs, withIncoming, withMessageState, withOutgoing, withRetry } from './call-view';
import { isDisconnected } from './refused';
import type { Signal } from './signal';
import type { CallView } from './state';

/** Typing is told to have stopped when nothing was typed for this long. */
const TYPING_MS = 4_000;

export interface ConversationCall {
  call(): CallView | undefined;
  update(change: (call: CallView) => CallView): void;
  refused(error: unknown): void;
}

/** The text half of a call: sends, sends again, receives, gives and takes receipts. */
export class Conversation {
  private typingTimer: number | undefined;

  constructor(
    private readonly signal: Signal,
    private readonly of: ConversationCall,
  ) {}

  say(text: string): void {
    const call = this.of.call();
    if (call === undefined || text.trim() === '') return;
    const id = crypto.randomUUID();
    this.setTyping(false);
    this.of.update((view) => withOutgoing(view, id, text, Date.now()));
    this.send(call.callId, id, text);
  }

  retry(messageId: string): void {
    const call = this.of.call();
    const line = call?.chat.find(({ id }) => id === messageId);
    if (call === undefined || line?.state !== 'failed') return;
    this.of.update((view) => withRetry(view, messageId));
    this.send(call.callId, messageId, line.text);
  }

  /** Messages that were on their way when the connection went; the server knows their ids. */
  sendAgain(): void {
    const call = this.of.call();
    for (const line of call?.chat ?? []) {
      if (call !== undefined && line.mine && line.state === 'sending')
        this.send(call.callId, line.id, line.text);
    }
  }

  setTyping(typing: boolean): void {
    const call = this.of.call();
    const told = this.typingTimer !== undefined;
    window.clearTimeout(this.typingTimer);
    this.typingTimer = undefined;
    if (call === undefined || call.accept !== null) return;
    if (typing) this.typingTimer = window.setTimeout(() => this.setTyping(false), TYPING_MS);
    if (typing !== told) this.signal.tell('typing', { callId: call.callId, typing });
  }

  markRead(): void {
    const call = this.of.call();
    const last = call === undefined ? undefined : lastOfTheirs(call);
    if (call === undefined || last === undefined || call.unread === 0) return;
    this.of.update((view) => ({ ...view, unread: 0 }));
    this.signal.tell('message_read', { callId: call.callId, id: last.id });
  }

  received(message: ServerData<'chat_message'>): void {
    this.signal.tell('message_delivered', { callId: message.callId, id: message.id });
    this.of.update((view) => withIncoming(view, message));
  }

  receipt({ id, status }: ServerData<'message_status'>): void {
    this.of.update((view) => withMessageState(view, id, status));
  }

  private send(callId: string, id: string, text: string): void {
    this.signal.ask('chat_message', { callId, id, text }).then(
      () => this.of.update((view) => withMessageState(view, id, 'sent')),
      (error: unknown) => {
        if (isDisconnected(error)) return;
        this.of.update((view) => withMessageState(view, id, 'failed'));
        this.of.refused(error);
      },
    );
  }
}
