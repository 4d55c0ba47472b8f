import {
  CLOSE,
  LIMITS,
  SERVER_EVENTS,
  envelopeSchema,
  errorSchema,
  CLIENT_EVENTS,
  isServerEvent,
  type ClientEventName,
  type ClientInput,
  type ClientReply,
  type CloseName,
  type ServerData,
  type ServerMessage,
} from '../../../src/protocol';
import { Refused, disconnected, isDisconnected } from './refused';
import type { Link, LinkTrouble } from './state';

export interface SignalEvents {
  link(link: Link): void;
  message(message: ServerMessage): void;
  /** The server knows this person no longer: they were logged out from elsewhere. A new greeting is on its way. */
  signedOut(): void;
}

interface Pending {
  readonly event: ClientEventName;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Refused) => void;
}

/** After these closes coming back by itself would only repeat what was refused. */
const FINAL: readonly CloseName[] = ['replaced', 'protocolOutdated', 'full', 'tooManyFromAddress'];
const RETRY_MS = { first: 400, most: 8_000 };
/** How soon the next node is tried after one has sent us on; and for so long nothing is said of it. */
const MOVING_RETRY_MS = [0, 100, 200, 300];
const MOVING_UNSAID_MS = 1_000;
/** Where the browser keeps the resume token: for this tab alone, so that a reload comes back as the same person. */
const TOKEN_KEY = 'passerby.resume';
/** How long a socket may take until the server has greeted. */
const CONNECT_TIMEOUT_MS = 8_000;
/** A request unanswered for this long, on a socket that has said nothing else either, means that it is dead. */
const SILENCE_MS = 10_000;
/** A server that has not come back from its restart by then may as well be called away. */
const RESTART_MS = 60_000;

interface Gap {
  readonly since: number;
  readonly kept: boolean;
  /** The node we were on has sent us to another one. */
  readonly moving: boolean;
  restarts: boolean;
  tried: boolean;
}

/** The socket to the server: says hello, comes back by itself, matches replies to requests. */
export class Signal {
  private socket: WebSocket | undefined;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private attempts = 0;
  /** What is known of the time without a connection; `kept`: the server said nothing against keeping the place. */
  private gap: Gap | undefined;
  private goesAway = false;
  private retryTimer: number | undefined;
  private ready = false;
  private heardAt = 0;
  /** What has to reach the server as soon as it can be reached. */
  private owed: (() => void)[] = [];
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly events: SignalEvents,
  ) {
    window.addEventListener('online', this.onOnline);
    window.addEventListener('offline', this.onOffline);
  }

  get isOpen(): boolean {
    return this.ready;
  }

  connect(): void {
    if (this.stopped || this.socket !== undefined) return;
    window.clearTimeout(this.retryTimer);
    if (this.gap === undefined) this.events.link({ state: 'connecting' });
    const socket = new WebSocket(this.url);
    this.socket = socket;
    const giveUp = window.setTimeout(() => this.drop(socket), CONNECT_TIMEOUT_MS);
    socket.onopen = () => {
      const resumeToken = sessionStorage.getItem(TOKEN_KEY);
      const data: ClientInput<'hello'> = {
        protocol: LIMITS.protocolVersion,
        ...(resumeToken === null ? {} : { resumeToken }),
      };
      socket.send(JSON.stringify({ event: 'hello', data }));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.socket !== socket || typeof data !== 'string') return;
      this.receive(data, () => window.clearTimeout(giveUp));
    };
    socket.onclose = ({ code }) => {
      window.clearTimeout(giveUp);
      if (this.socket === socket) this.lost(code);
    };
  }

  /** Sends without asking for an answer; dropped while there is no connection. */
  tell<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    if (this.ready) this.socket?.send(JSON.stringify({ event, data }));
  }

  /**
   * Sends as soon as there is a connection, and again where that one ends before it has answered, to the server that
   * still knows us; forgotten when it does not. A refusal says that there is nothing left to be done.
   */
  owe<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    this.ask(event, data).catch((error: unknown) => {
      if (isDisconnected(error)) this.owed.push(() => this.owe(event, data));
    });
  }

  /** Sends and waits for the reply. Rejects with `Refused` only. */
  ask<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    return new Promise((resolve, reject) => {
      if (!this.ready || this.socket === undefined) {
        reject(disconnected('there is no connection'));
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, {
        event,
        reject,
        resolve: (reply) => {
          const parsed = CLIENT_EVENTS[event].reply.safeParse(reply);
          // The schema of exactly this event has parsed it; TypeScript cannot follow that through the table.
          if (parsed.success) resolve(parsed.data as ClientReply<E>);
          else reject(new Refused({ code: 'internal', message: 'the reply was not understood' }));
        },
      });
      this.socket.send(JSON.stringify({ event, data, id }));
      this.watch(this.socket, id, Date.now());
    });
  }

  /** Try at once, whatever the waiting said. */
  reconnectNow(): void {
    this.stopped = false;
    this.attempts = 0;
    if (this.socket !== undefined && !this.ready) this.drop(this.socket);
    this.connect();
  }

  /** Says good-bye for good: the server keeps no place. */
  close(): void {
    this.stopped = true;
    window.removeEventListener('online', this.onOnline);
    window.removeEventListener('offline', this.onOffline);
    this.sayGoodBye();
  }

  /** Comes back as whoever the browser is now: a good-bye, and a greeting that brings nothing of before. */
  startOver(): void {
    this.sayGoodBye();
    this.stopped = false;
    this.attempts = 0;
    this.gap = undefined;
    this.connect();
  }

  private sayGoodBye(): void {
    window.clearTimeout(this.retryTimer);
    this.forget();
    const { socket } = this;
    this.socket = undefined;
    this.ready = false;
    socket?.close(1000);
    this.rejectAll();
  }

  /** What was said as somebody else must not be sent in the next one's name. */
  private forget(): void {
    sessionStorage.removeItem(TOKEN_KEY);
    this.owed = [];
  }

  private readonly onOnline = (): void => {
    if (this.socket === undefined && !this.stopped) this.connect();
  };

  /** The machine itself knows that it has no network: no need to wait for a ping that fails. */
  private readonly onOffline = (): void => {
    if (this.socket !== undefined) this.drop(this.socket);
    else if (this.gap !== undefined && !this.stopped) this.tellGap(Date.now());
  };

  /** Browsers do not show pings to pages, so a dead socket is found by what it does not answer. */
  private watch(socket: WebSocket, id: number, askedAt: number): void {
    window.setTimeout(() => {
      if (this.pending.has(id) && this.heardAt < askedAt) this.drop(socket);
    }, SILENCE_MS);
  }

  private receive(text: string, greeted: () => void): void {
    this.heardAt = Date.now();
    const envelope = envelopeSchema.safeParse(safeJson(text));
    if (!envelope.success) return;
    const { event, data, id } = envelope.data;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id !== undefined && pending !== undefined) {
      this.pending.delete(id);
      this.settle(pending, event, data);
      return;
    }
    if (!isServerEvent(event)) return;
    const message = parseServerMessage(event, data);
    if (message === undefined) return;
    if (message.event === 'connected') {
      greeted();
      this.greeted(message.data);
    }
    if (message.event === 'notice' && message.data.code === 'shutting_down') this.goesAway = true;
    this.events.message(message);
  }

  private settle(pending: Pending, event: string, data: unknown): void {
    if (event !== 'error') {
      pending.resolve(data);
      return;
    }
    const error = errorSchema.safeParse(data);
    pending.reject(
      new Refused(error.success ? error.data : { code: 'internal', message: 'unreadable error' }),
    );
  }

  private greeted({ resumeToken, resumed }: ServerData<'connected'>): void {
    sessionStorage.setItem(TOKEN_KEY, resumeToken);
    this.ready = true;
    this.attempts = 0;
    this.gap = undefined;
    this.goesAway = false;
    const owed = this.owed.splice(0);
    if (resumed) for (const send of owed) send();
    this.events.link({ state: 'open' });
  }

  /** Takes leave of a socket without waiting for its closing handshake. */
  private drop(socket: WebSocket): void {
    if (this.socket !== socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    // A code of our own: the server holds the place as for any dropped connection.
    socket.close(4000);
    this.lost(1006);
  }

  private lost(code: number): void {
    const wasGreeted = this.ready;
    this.socket = undefined;
    this.ready = false;
    this.rejectAll();
    if (this.stopped) return;
    const name = (Object.keys(CLOSE) as CloseName[]).find((key) => CLOSE[key].code === code);
    if (name !== undefined && name !== 'goingAway' && FINAL.includes(name)) {
      this.stopped = true;
      this.events.link({ state: 'closed', reason: name });
      return;
    }
    if (name === 'signedOut') {
      this.forget();
      this.events.signedOut();
    }
    const restarts = this.goesAway || name === 'goingAway';
    const kept = wasGreeted && !restarts && name !== 'signedOut';
    this.gap ??= { since: Date.now(), kept, moving: name === 'moving', restarts, tried: !wasGreeted };
    this.gap.restarts ||= restarts;
    this.gap.tried ||= !wasGreeted;
    this.retry(this.gap);
  }

  private retry(gap: Gap): void {
    const now = Date.now();
    const backoff = Math.min(RETRY_MS.first * 2 ** this.attempts, RETRY_MS.most);
    // Spread out, so that a server that comes back is not met by everybody in the same instant.
    const spread = backoff * (0.6 + Math.random() * 0.4);
    const delay = (gap.moving ? MOVING_RETRY_MS[this.attempts] : undefined) ?? spread;
    this.attempts += 1;
    const unsaidMs = gap.moving ? gap.since + MOVING_UNSAID_MS - now : 0;
    if (unsaidMs <= 0) this.tellGap(now + delay);
    else {
      window.setTimeout(() => {
        if (this.gap === gap && !this.stopped) this.tellGap(Date.now());
      }, unsaidMs);
    }
    this.retryTimer = window.setTimeout(() => this.connect(), delay);
  }

  private tellGap(nextTryAt: number): void {
    const { gap } = this;
    if (gap === undefined) return;
    const keptUntil = gap.kept ? gap.since + LIMITS.resumeSeconds * 1000 : null;
    this.events.link({
      state: 'reconnecting',
      why: this.trouble(gap),
      since: gap.since,
      keptUntil,
      nextTryAt,
    });
  }

  private trouble({ since, restarts, tried }: NonNullable<Signal['gap']>): LinkTrouble {
    if (!navigator.onLine) return 'offline';
    if (restarts && Date.now() - since < RESTART_MS) return 'restarting';
    return tried ? 'unreachable' : 'dropped';
  }

  private rejectAll(): void {
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of waiting) reject(disconnected('the connection was lost'));
  }
}

function parseServerMessage<E extends ServerMessage['event']>(
  event: E,
  data: unknown,
): ServerMessage | undefined {
  const parsed = SERVER_EVENTS[event].safeParse(data);
  // As above: parsed by this event's own schema.
  return parsed.success ? ({ event, data: parsed.data } as ServerMessage) : undefined;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
