import {
  LIMITS,
  errorSchema,
  type ClientEventName,
  type ClientInput,
  type ClientReply,
  type Envelope,
  type ServerMessage,
} from '../../../src/protocol';
import { DisconnectedError, RequestError } from './errors';
import { RequestSocket, type PendingRequest, type SocketOptions } from './request-socket';
import { readEnvelope, readReply, readServerMessage } from './validation';

export interface ConnectionListener {
  opened?(): void;
  /** Something arrived, whatever it is. */
  heard?(): void;
  message(message: ServerMessage): void;
  /** The server sent a message that does not fit the protocol. */
  violation(words: string): void;
  /** A request was answered with this error code. */
  rejected?(code: string, event: ClientEventName): void;
  closed(code: number, reason: string): void;
}

export interface ConnectionOptions extends SocketOptions {
  /** The connection is given up when the handshake takes longer (ms). */
  readonly handshakeTimeoutMs?: number;
  /** The connection is given up when nothing at all was received for so long after a request (ms). */
  readonly silenceTimeoutMs?: number;
}

interface Details {
  readonly event: ClientEventName;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One socket that speaks the protocol: requests with ids and replies; every server message is validated. */
export class ProtocolConnection {
  private readonly socket: RequestSocket<Details>;
  private readonly handshakeTimer: NodeJS.Timeout | undefined;
  private receivedAt = 0;

  constructor(
    url: string,
    private readonly options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    const { headers, localAddress, handshakeTimeoutMs } = options;
    const socketOptions = {
      ...(headers === undefined ? {} : { headers }),
      ...(localAddress === undefined ? {} : { localAddress }),
    };
    this.socket = new RequestSocket(url, socketOptions, {
      opened: () => listener.opened?.(),
      frame: (text) => this.receive(text),
      closed: (code, reason) => this.closed(code, reason),
    });
    if (handshakeTimeoutMs !== undefined) {
      this.handshakeTimer = setTimeout(() => this.socket.terminate(), handshakeTimeoutMs);
    }
  }

  get cookie(): string | undefined {
    return this.socket.cookie;
  }

  /** Why the socket could not be opened, or broke. */
  get error(): Error | undefined {
    return this.socket.error;
  }

  get isOpen(): boolean {
    return this.socket.isOpen;
  }

  hello(resumeToken?: string): void {
    const token = resumeToken === undefined ? {} : { resumeToken };
    this.send('hello', { protocol: LIMITS.protocolVersion, ...token });
  }

  /** Sends a frame as it is, whether it fits the protocol or not. */
  sendFrame(frame: string | Buffer): void {
    this.socket.sendFrame(frame);
  }

  /** Sends without asking for a reply. */
  send<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    this.socket.sendFrame(JSON.stringify({ event, data }));
  }

  /** Rejects with `RequestError` or `DisconnectedError` only. */
  request<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    return new Promise((resolve, reject) => {
      if (!this.socket.isOpen) {
        reject(new DisconnectedError(event, null));
        return;
      }
      const id = this.socket.track({ event, resolve: (reply) => resolve(reply as ClientReply<E>), reject });
      this.socket.sendFrame(JSON.stringify({ event, data, id }));
      this.watchForSilence(id);
    });
  }

  /** Requests without a reply, each with how long ago it was sent (ms). */
  unanswered(): { event: ClientEventName; ms: number }[] {
    const now = performance.now();
    return this.socket
      .unanswered()
      .map(({ details: { event }, sentAt }) => ({ event, ms: Math.round(now - sentAt) }));
  }

  /** Closes with the closing handshake, and still receives messages until then. */
  close(): void {
    this.socket.close(1000);
  }

  /** Leaving (1000), or a page that is loaded again (1001). No further message is received. */
  closeAtOnce(code: 1000 | 1001): void {
    this.socket.closeAtOnce(code);
  }

  /** The network goes away: no closing handshake. */
  drop(): void {
    this.socket.terminate();
  }

  private watchForSilence(id: number): void {
    const { silenceTimeoutMs } = this.options;
    if (silenceTimeoutMs === undefined) return;
    const sentAt = performance.now();
    setTimeout(() => {
      if (this.socket.isPending(id) && this.receivedAt < sentAt) this.socket.terminate();
    }, silenceTimeoutMs).unref();
  }

  private closed(code: number, reason: string): void {
    clearTimeout(this.handshakeTimer);
    this.listener.closed(code, reason);
    for (const { details } of this.socket.unanswered()) {
      details.reject(new DisconnectedError(details.event, code));
    }
  }

  private receive(text: string): void {
    this.receivedAt = performance.now();
    this.listener.heard?.();
    const envelope = readEnvelope(text);
    if ('violation' in envelope) {
      this.listener.violation(envelope.violation);
      return;
    }
    const { id } = envelope.value;
    const request = id === undefined ? undefined : this.socket.take(id);
    if (request !== undefined) {
      this.settle(request, envelope.value);
      return;
    }
    const message = readServerMessage(envelope.value);
    if ('violation' in message) {
      this.listener.violation(message.violation);
      return;
    }
    if (message.value.event === 'connected') clearTimeout(this.handshakeTimer);
    this.listener.message(message.value);
  }

  private settle({ details: { event, resolve, reject } }: PendingRequest<Details>, reply: Envelope): void {
    if (reply.event === 'error') {
      const error = errorSchema.safeParse(reply.data);
      if (!error.success) this.listener.violation(`the error reply to ${event}: ${error.error.message}`);
      const wire = error.data ?? { code: 'internal' as const, message: 'the error is not of the protocol' };
      this.listener.rejected?.(wire.code, event);
      reject(new RequestError(wire));
      return;
    }
    const read = readReply(event, reply);
    if ('violation' in read) this.listener.violation(read.violation);
    resolve('value' in read ? read.value : reply.data);
  }
}
