import type {
  ClientEventName,
  ClientInput,
  ClientReply,
  ServerData,
  ServerEventName,
  ServerMessage,
} from '../../../src/protocol';
import { ProtocolConnection } from './connection';

type MessageOf<E extends ServerEventName> = Extract<ServerMessage, { event: E }>;

/**
 * A client that a test drives step by step: a real socket, no browser, no media. It does nothing by itself. Messages stay
 * in `received` until `next` takes them.
 */
export class ProtocolClient {
  readonly received: ServerMessage[] = [];
  /** Server messages that did not fit the protocol: has to stay empty. */
  readonly violations: string[] = [];
  closed: { code: number; reason: string } | undefined;
  /** The data of the server's `connected`. */
  handshake!: ServerData<'connected'>;
  private readonly connection: ProtocolConnection;
  private readonly opened: Promise<void>;
  private readonly waiters = new Set<() => void>();

  private constructor(url: string, headers: Readonly<Record<string, string>>) {
    let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
    this.opened = new Promise((resolve, reject) => (settle = { resolve, reject }));
    this.connection = new ProtocolConnection(
      url,
      { headers },
      {
        opened: () => settle?.resolve(),
        message: (message) => {
          this.received.push(message);
          this.wake();
        },
        violation: (words) => {
          this.violations.push(words);
          this.wake();
        },
        closed: (code, reason) => {
          this.closed = { code, reason };
          settle?.reject(this.connection.error ?? new Error(`socket closed with ${code}`));
          this.wake();
        },
      },
    );
  }

  /** A socket that has not sent `hello`. */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<ProtocolClient> {
    const client = new ProtocolClient(url, headers);
    await client.opened;
    return client;
  }

  /** Opens a socket, sends `hello`, and waits for the server's `connected`. */
  static async connect(
    url: string,
    resumeToken?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ProtocolClient> {
    const client = await ProtocolClient.open(url, headers);
    client.connection.hello(resumeToken);
    client.handshake = await client.next('connected');
    return client;
  }

  get id(): string {
    return this.handshake.userId;
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /** `Cookie` header that makes the next connection one of the same browser. */
  get cookie(): string | undefined {
    return this.connection.cookie;
  }

  sendFrame(frame: string | Buffer): void {
    this.connection.sendFrame(frame);
  }

  send<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    this.connection.send(event, data);
  }

  /** Rejects with `RequestError` or `DisconnectedError` only. */
  request<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    return this.connection.request(event, data);
  }

  search(wishes: Partial<ClientInput<'find_partner'>> = {}): Promise<ClientReply<'find_partner'>> {
    return this.request('find_partner', { mode: 'text', blurFirst: false, agreed: true, ...wishes });
  }

  /** Takes the first message of this event that passes the test, waiting for it if need be. */
  async next<E extends ServerEventName>(
    event: E,
    test: (data: ServerData<E>) => boolean = () => true,
    timeoutMs = 5_000,
  ): Promise<ServerData<E>> {
    const fits = (message: ServerMessage): message is MessageOf<E> =>
      isOf(message, event) && test(message.data as ServerData<E>);
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.received.find(fits);
      if (found !== undefined) {
        this.received.splice(this.received.indexOf(found), 1);
        return found.data as ServerData<E>;
      }
      const left = deadline - Date.now();
      if (left <= 0) {
        const received = this.received.map((message) => message.event).join(', ');
        throw new Error(`no ${event} within ${timeoutMs} ms; received ${received}`);
      }
      await this.anything(left);
    }
  }

  async untilClosed(timeoutMs = 5_000): Promise<{ code: number; reason: string }> {
    const deadline = Date.now() + timeoutMs;
    while (this.closed === undefined) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`not closed within ${timeoutMs} ms`);
      await this.anything(left);
    }
    return this.closed;
  }

  /** Leaves for good: the server does not wait for the peer to come back. */
  close(): void {
    this.connection.close();
  }

  /** The network goes away: no closing handshake. */
  drop(): void {
    this.connection.drop();
  }

  private anything(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.waiters.add(done);
    });
  }

  private wake(): void {
    for (const done of [...this.waiters]) done();
  }
}

const isOf = <E extends ServerEventName>(message: ServerMessage, event: E): message is MessageOf<E> =>
  message.event === event;
