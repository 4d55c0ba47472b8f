import WebSocket from 'ws';
import {
  CLIENT_EVENTS,
  LIMITS,
  SERVER_EVENTS,
  envelopeSchema,
  errorSchema,
  isServerEvent,
  type ClientEventName,
  type ClientInput,
  type ClientReply,
  type ServerMessage,
  type WireError,
} from '../../src/protocol';

/** Like the client: how long a greeting may take, and how long a socket may be silent about a question. */
const GREETING_MS = 8_000;
const SILENCE_MS = 10_000;

/** A request that the server refused, or that nobody can answer any more (`disconnected`). */
export class Refused extends Error {
  constructor(
    readonly code: WireError['code'] | 'disconnected',
    words: string,
  ) {
    super(`${code}: ${words}`);
  }
}

/** Of an error that is no refusal, nobody can say what to do: it is thrown. */
export const codeOf = (error: unknown): string => {
  if (error instanceof Refused) return error.code;
  throw error;
};

export interface WireNews {
  message(message: ServerMessage): void;
  /** What the server sent is not of the protocol. */
  violation(words: string): void;
  /** An error, as the answer to this request or without any. */
  refused(code: string, event: string): void;
  closed(code: number): void;
}

interface Pending {
  readonly event: ClientEventName;
  readonly askedAt: number;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Refused) => void;
}

/** One socket of one person, as the client has it: says hello, matches answers to requests, checks all it hears. */
export class Wire {
  private readonly socket: WebSocket;
  private readonly pending = new Map<number, Pending>();
  private readonly patience: NodeJS.Timeout;
  private nextId = 1;
  private heardAt = 0;
  private ended = false;
  /** `Cookie` of a browser that comes back. */
  cookie: string | undefined;

  constructor(
    url: string,
    who: { resumeToken: string | undefined; cookie: string | undefined },
    private readonly news: WireNews,
  ) {
    this.cookie = who.cookie;
    const headers = who.cookie === undefined ? {} : { cookie: who.cookie };
    this.socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.patience = setTimeout(() => this.end(1006), GREETING_MS);
    this.socket.on('upgrade', ({ headers: answered }) => {
      const given = answered['set-cookie']?.map((one) => one.split(';', 1)[0]).join('; ');
      if (given !== undefined) this.cookie = given;
    });
    this.socket.on('open', () => {
      const { resumeToken } = who;
      const data = {
        protocol: LIMITS.protocolVersion,
        ...(resumeToken === undefined ? {} : { resumeToken }),
      };
      this.tell('hello', data);
    });
    this.socket.on('message', (data) => this.receive(String(data)));
    this.socket.on('close', (code) => this.end(code));
    this.socket.on('error', () => undefined);
  }

  tell<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ event, data }));
  }

  /** Rejects with `Refused` only. */
  ask<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    return new Promise((resolve, reject) => {
      if (this.ended || this.socket.readyState !== WebSocket.OPEN) {
        reject(new Refused('disconnected', event));
        return;
      }
      const id = this.nextId++;
      const askedAt = Date.now();
      this.pending.set(id, { event, askedAt, resolve: (reply) => resolve(reply as ClientReply<E>), reject });
      this.socket.send(JSON.stringify({ event, data, id }));
      setTimeout(() => {
        if (this.pending.has(id) && this.heardAt < askedAt) this.end(1006);
      }, SILENCE_MS).unref();
    });
  }

  /** What is asked and not answered yet, each with how long ago (ms). */
  unanswered(): { event: ClientEventName; ms: number }[] {
    return [...this.pending.values()].map(({ event, askedAt }) => ({ event, ms: Date.now() - askedAt }));
  }

  /** The network goes away: no closing handshake. */
  drop(): void {
    this.end(1006);
  }

  /** A good-bye (1000), or what a browser does with a page that is loaded again (1001). */
  close(code: 1000 | 1001): void {
    if (this.ended) return;
    this.socket.close(code);
    this.end(code, false);
  }

  private end(code: number, terminate = true): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.patience);
    if (terminate) this.socket.terminate();
    for (const { event, reject } of this.pending.values()) reject(new Refused('disconnected', event));
    this.pending.clear();
    this.news.closed(code);
  }

  private receive(text: string): void {
    if (this.ended) return;
    this.heardAt = Date.now();
    const envelope = envelopeSchema.safeParse(JSON.parse(text));
    if (!envelope.success) {
      this.news.violation(text.slice(0, 200));
      return;
    }
    const { event, data, id } = envelope.data;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id !== undefined && pending !== undefined) {
      this.pending.delete(id);
      this.settle(pending, event, data);
      return;
    }
    const parsed = isServerEvent(event) ? SERVER_EVENTS[event].safeParse(data) : undefined;
    if (parsed?.success !== true) {
      this.news.violation(`${text.slice(0, 200)}: ${parsed?.error.message ?? 'no such event'}`);
      return;
    }
    if (event === 'connected') clearTimeout(this.patience);
    // The schema of exactly this event has just parsed it; TypeScript cannot follow that through the table.
    this.news.message({ event, data: parsed.data } as ServerMessage);
  }

  private settle({ event, resolve, reject }: Pending, answered: string, data: unknown): void {
    if (answered === 'error') {
      const error = errorSchema.safeParse(data);
      if (!error.success) this.news.violation(`an error that is none, to ${event}`);
      const { code, message } = error.data ?? { code: 'internal' as const, message: '' };
      this.news.refused(code, event);
      reject(new Refused(code, `${event}: ${message}`));
      return;
    }
    const reply = CLIENT_EVENTS[event].reply.safeParse(data);
    if (answered !== event || !reply.success)
      this.news.violation(`the reply to ${event}: ${JSON.stringify(data)}`);
    resolve(reply.success ? reply.data : data);
  }
}
