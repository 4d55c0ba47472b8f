import WebSocket from 'ws';
import {
  LIMITS,
  SERVER_EVENTS,
  isServerEvent,
  type ClientEventName,
  type ClientInput,
  type ClientReply,
  type ServerData,
  type ServerEventName,
  type WireError,
} from '../../src/protocol';

export class RefusedBy extends Error {
  constructor(readonly wire: WireError) {
    super(`${wire.code}: ${wire.message}`);
  }
}

interface Heard {
  readonly event: string;
  readonly data: unknown;
}

/** A person at the protocol's level: a real socket, no browser, no media. Every server message is validated. */
export class TestPerson {
  readonly heard: Heard[] = [];
  /** Server messages that did not fit the protocol: has to stay empty. */
  readonly violations: string[] = [];
  closed: { code: number; reason: string } | undefined;
  /** `Cookie` header that makes the next visit one of the same browser. */
  cookie: string | undefined;
  greeting!: ServerData<'connected'>;
  private readonly pending = new Map<
    number,
    { resolve: (data: unknown) => void; reject: (e: Error) => void }
  >();
  private readonly waiters = new Set<() => void>();
  private nextId = 1;

  private constructor(readonly socket: WebSocket) {
    socket.on('upgrade', ({ headers }) => {
      const given = headers['set-cookie']?.map((cookie) => cookie.split(';', 1)[0]).join('; ');
      if (given !== undefined) this.cookie = given;
    });
    socket.on('message', (data) => this.receive(String(data)));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      for (const { reject } of this.pending.values()) reject(new Error(`socket closed with ${code}`));
      this.wake();
    });
    socket.on('error', () => undefined);
  }

  /** A socket that has not said hello. */
  static async dial(url: string, headers: Record<string, string> = {}): Promise<TestPerson> {
    const socket = new WebSocket(url, { headers });
    const person = new TestPerson(socket);
    person.cookie = headers['cookie'];
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return person;
  }

  static async join(
    url: string,
    resumeToken?: string,
    headers: Record<string, string> = {},
  ): Promise<TestPerson> {
    const person = await TestPerson.dial(url, headers);
    person.tell('hello', {
      protocol: LIMITS.protocolVersion,
      ...(resumeToken === undefined ? {} : { resumeToken }),
    });
    person.greeting = await person.next('connected');
    return person;
  }

  get id(): string {
    return this.greeting.userId;
  }

  raw(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  tell<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    this.socket.send(JSON.stringify({ event, data }));
  }

  ask<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    const id = this.nextId++;
    this.socket.send(JSON.stringify({ event, data, id }));
    return new Promise<ClientReply<E>>((resolve, reject) => {
      this.pending.set(id, { resolve: (reply) => resolve(reply as ClientReply<E>), reject });
    });
  }

  find(wishes: Partial<ClientInput<'find_partner'>> = {}): Promise<ClientReply<'find_partner'>> {
    return this.ask('find_partner', { mode: 'text', blurFirst: false, agreed: true, ...wishes });
  }

  /** The first message of this event that was not taken yet, waiting for it if need be. */
  async next<E extends ServerEventName>(
    event: E,
    test: (data: ServerData<E>) => boolean = () => true,
    timeoutMs = 5_000,
  ): Promise<ServerData<E>> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const index = this.heard.findIndex((one) => one.event === event && test(one.data as ServerData<E>));
      const [found] = index === -1 ? [] : this.heard.splice(index, 1);
      if (found !== undefined) return found.data as ServerData<E>;
      const left = deadline - Date.now();
      if (left <= 0) {
        throw new Error(
          `no ${event} within ${timeoutMs} ms; heard ${this.heard.map((one) => one.event).join(', ')}`,
        );
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

  /** Leaves for good. */
  leave(): void {
    this.socket.close(1000);
  }

  /** The network goes away: no closing handshake. */
  drop(): void {
    this.socket.terminate();
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

  private receive(text: string): void {
    const { event, data, id } = JSON.parse(text) as { event: string; data: unknown; id?: number };
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id !== undefined && pending !== undefined) {
      this.pending.delete(id);
      if (event === 'error') pending.reject(new RefusedBy(data as WireError));
      else pending.resolve(data);
      return;
    }
    if (!isServerEvent(event)) this.violations.push(text);
    else {
      const parsed = SERVER_EVENTS[event].safeParse(data);
      if (!parsed.success) this.violations.push(`${text}: ${parsed.error.message}`);
    }
    this.heard.push({ event, data });
    this.wake();
  }
}

/** The code of the refusal a request meets; fails when it is accepted. */
export async function codeOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof RefusedBy) return error.wire.code;
    throw error;
  }
  throw new Error('the request was accepted');
}
