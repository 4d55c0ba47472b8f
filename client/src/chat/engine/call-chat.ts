import type { ServerData } from '../../../../src/protocol';
import {
  lastPartnerMessage,
  withIncoming,
  withMessageState,
  withOutgoing,
  withPast,
  withRetry,
} from './call-view';
import { isDisconnected } from '../../errors/request-error';
import { messageId } from './message-id';
import type { SignalingClient } from './signaling-client';
import type { CallView } from './state';

/** The typing indicator ends when nothing was typed for this long. */
const TYPING_MS = 4_000;

/** More than a call's chat has pages; a server that says there is always more is not followed for ever. */
const MOST_PAGES = 50;

export interface CallChatHost {
  call(): CallView | undefined;
  update(change: (call: CallView) => CallView): void;
  requestFailed(error: unknown): void;
}

/** The chat of a call: sends and resends messages, receives them, and handles receipts. */
export class CallChat {
  private typingTimer: number | undefined;
  /** The call whose earlier messages are still to be read. */
  private pastOf: string | undefined;

  constructor(
    private readonly signaling: SignalingClient,
    private readonly host: CallChatHost,
  ) {}

  say(text: string): void {
    const call = this.host.call();
    if (call === undefined || text.trim() === '') return;
    const id = messageId();
    this.setTyping(false);
    this.host.update((view) => withOutgoing(view, id, text, Date.now()));
    this.send(call.callId, id, text);
  }

  retry(messageId: string): void {
    const call = this.host.call();
    const line = call?.chat.find(({ id }) => id === messageId);
    if (call === undefined || line?.state !== 'failed') return;
    this.host.update((view) => withRetry(view, messageId));
    this.send(call.callId, messageId, line.text);
  }

  /** Reads what was said before this page was loaded. */
  readPast(callId: string): void {
    this.pastOf = callId;
    this.readPages(callId).then(
      () => (this.pastOf = undefined),
      (error: unknown) => {
        // Without a connection it is read after the next `connected`. An older server has nothing to read.
        if (!isDisconnected(error)) this.pastOf = undefined;
      },
    );
  }

  /**
   * The client is connected again. Sends messages again that had no reply when the connection was lost; the server
   * recognises them by their ids.
   */
  onConnected(): void {
    const call = this.host.call();
    if (call !== undefined && call.callId === this.pastOf) this.readPast(call.callId);
    for (const line of call?.chat ?? []) {
      if (call !== undefined && line.mine && line.state === 'sending')
        this.send(call.callId, line.id, line.text);
    }
  }

  setTyping(typing: boolean): void {
    const call = this.host.call();
    const wasTyping = this.typingTimer !== undefined;
    window.clearTimeout(this.typingTimer);
    this.typingTimer = undefined;
    if (call?.accept !== null) return;
    if (typing) this.typingTimer = window.setTimeout(() => this.setTyping(false), TYPING_MS);
    if (typing !== wasTyping) this.signaling.notify('typing', { callId: call.callId, typing });
  }

  markRead(): void {
    const call = this.host.call();
    const last = call === undefined ? undefined : lastPartnerMessage(call);
    if (call === undefined || last === undefined || call.unread === 0) return;
    this.host.update((view) => ({ ...view, unread: 0 }));
    this.signaling.notify('message_read', { callId: call.callId, id: last.id });
  }

  received(message: ServerData<'chat_message'>): void {
    this.signaling.notify('message_delivered', { callId: message.callId, id: message.id });
    this.host.update((view) => withIncoming(view, message));
  }

  receipt({ id, status }: ServerData<'message_status'>): void {
    this.host.update((view) => withMessageState(view, id, status));
  }

  private async readPages(callId: string): Promise<void> {
    let until: number | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { messages, more } = await this.signaling.request('chat_history', { callId, until });
      const before = this.host.call();
      if (before?.callId !== callId) return;
      this.host.update((view) => withPast(view, messages));
      until = messages[0]?.timestamp;
      if (!more || this.host.call()?.chat.length === before.chat.length) return;
    }
  }

  private send(callId: string, id: string, text: string): void {
    this.signaling.request('chat_message', { callId, id, text }).then(
      () => this.host.update((view) => withMessageState(view, id, 'sent')),
      (error: unknown) => {
        if (isDisconnected(error)) return;
        this.host.update((view) => withMessageState(view, id, 'failed'));
        this.host.requestFailed(error);
      },
    );
  }
}
