import WebSocket from 'ws';

export interface SocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The local address that the socket comes from. */
  readonly localAddress?: string;
}

export interface SocketListener {
  opened(): void;
  frame(text: string): void;
  /** Called once, however the socket ends. */
  closed(code: number, reason: string): void;
}

/** A request that has no reply yet. */
export interface PendingRequest<T> {
  readonly details: T;
  /** By `performance.now()`. */
  readonly sentAt: number;
}

/**
 * The lowest layer of every client: one WebSocket, its cookies, and the requests on it that wait for a reply. It knows
 * no messages, so that benches can use it with other servers.
 */
export class RequestSocket<T> {
  private readonly socket: WebSocket;
  private readonly pending = new Map<number, PendingRequest<T>>();
  private nextId = 1;
  private ended = false;
  /** `Cookie` header that makes the next connection one of the same browser. */
  cookie: string | undefined;
  /** Why the socket could not be opened, or broke. */
  error: Error | undefined;

  constructor(
    url: string,
    options: SocketOptions,
    private readonly listener: SocketListener,
  ) {
    this.cookie = options.headers?.['cookie'];
    this.socket = new WebSocket(url, { ...options, perMessageDeflate: false });
    this.socket.on('upgrade', ({ headers }) => {
      const given = headers['set-cookie']?.map((cookie) => cookie.split(';', 1)[0]).join('; ');
      if (given !== undefined) this.cookie = merged(this.cookie, given);
    });
    this.socket.on('open', () => listener.opened());
    this.socket.on('message', (data) => {
      if (!this.ended) listener.frame(String(data));
    });
    this.socket.on('error', (error) => (this.error ??= error));
    this.socket.on('close', (code, reason) => this.end(code, String(reason)));
  }

  get isOpen(): boolean {
    return !this.ended && this.socket.readyState === WebSocket.OPEN;
  }

  /** What is sent on a socket that is not open is dropped. */
  sendFrame(frame: string | Buffer): void {
    if (this.isOpen) this.socket.send(frame);
  }

  /** Registers a request that is about to be sent, and returns its id. */
  track(details: T): number {
    const id = this.nextId++;
    this.pending.set(id, { details, sentAt: performance.now() });
    return id;
  }

  /** The request that this reply answers; it is no longer pending. */
  take(id: number): PendingRequest<T> | undefined {
    const request = this.pending.get(id);
    this.pending.delete(id);
    return request;
  }

  isPending(id: number): boolean {
    return this.pending.has(id);
  }

  unanswered(): readonly PendingRequest<T>[] {
    return [...this.pending.values()];
  }

  /** Closes with the closing handshake, and still receives messages until then. */
  close(code: number): void {
    this.socket.close(code);
  }

  /** Closes with the closing handshake, and receives nothing more. */
  closeAtOnce(code: number): void {
    this.socket.close(code);
    this.end(code, '');
  }

  /** The network goes away: no closing handshake. */
  terminate(): void {
    this.socket.terminate();
    this.end(1006, '');
  }

  private end(code: number, reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.listener.closed(code, reason);
  }
}

/** A `Cookie` header with those of `given` in place of earlier ones of the same names. */
function merged(before: string | undefined, given: string): string {
  const pairs = [...(before?.split('; ') ?? []), ...given.split('; ')];
  return [...new Map(pairs.map((pair) => [pair.split('=', 1)[0], pair])).values()].join('; ');
}
