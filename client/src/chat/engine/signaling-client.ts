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
  type WireBan,
} from '../../../../src/protocol';
import { RequestError, disconnected, isDisconnected } from '../../errors/request-error';
import { tabStorage } from '../../storage/browser-storage';
import { ServerDoubt } from './server-doubt';
import { SilenceWatch } from './silence-watch';
import { claimTab, type TabClaim } from '../../storage/tab-claim';
import { connectTimeout, keptUntil, problemOf, retryDelay, silentFor, type Outage } from './outage';
import type { ConnectionState } from './state';

export interface SignalingEvents {
  connection(connection: ConnectionState): void;
  inDoubt(isInDoubt: boolean): void;
  message(message: ServerMessage): void;
  /** The server has logged this user out. The client reconnects as a guest. */
  signedOut(): void;
}

interface Pending {
  readonly event: ClientEventName;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: RequestError) => void;
}

/** After these closes a retry would be refused again. */
const FINAL_CLOSES: readonly CloseName[] = [
  'replaced',
  'protocolOutdated',
  'full',
  'tooManyFromAddress',
  'banned',
];
/** The name of the resume token in the storage of this tab. With it, a reload continues as the same user. */
const TOKEN_NAME = 'resume';
/** Where the server is too busy for new people, but has not said for how long. */
const BUSY_MS = 5_000;

/** The WebSocket to the server: it sends `hello`, reconnects, and matches replies to requests. */
export class SignalingClient {
  private socket: WebSocket | undefined;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private attempts = 0;
  /** The current time without a connection. `resumable`: the server can resume what the user was doing. */
  private outage: Outage | undefined;
  private serverIsLeaving = false;
  /** What the server said of a ban before it closed the socket. */
  private ban: WireBan | undefined;
  private busyMs: number | undefined;
  private retryTimer: number | undefined;
  private ready = false;
  private readonly ping = (): Promise<unknown> => this.request('ping', {});
  private readonly silence = new SilenceWatch({
    ping: this.ping,
    silent: () => {
      if (this.socket !== undefined) this.drop(this.socket);
    },
  });
  /** In a call, a silence of the server is noticed sooner. */
  readonly doubt = new ServerDoubt(
    () => this.ready,
    this.ping,
    (now) => this.events.inDoubt(now),
  );
  /** Messages to send reliably as soon as there is a connection. */
  private unsent: (() => void)[] = [];
  /** Held here too, since a tab may be unable to store it. */
  private resumeToken: string | null = null;
  /** It does not connect again by itself. */
  private stopped = false;
  private lifecycle: 'new' | 'started' | 'closed' = 'new';

  private tab: TabClaim | undefined;
  /** Known to be no copy of another tab, or cleared: the resume token may be shown. */
  private isClaimed = false;

  constructor(
    private readonly url: string,
    private readonly events: SignalingEvents,
    private readonly claim: () => TabClaim = claimTab,
  ) {}

  /** Opens the socket and keeps it open. A second call does nothing, nor does one after `close`. */
  start(): void {
    if (this.lifecycle !== 'new') return;
    this.lifecycle = 'started';
    window.addEventListener('online', this.onOnline);
    window.addEventListener('pageshow', this.onWake);
    window.addEventListener('offline', this.onOffline);
    document.addEventListener('visibilitychange', this.onVisibility);
    this.tab = this.claim();
    const { isCopy } = this.tab;
    if (typeof isCopy === 'boolean') {
      this.connectClaimed();
      return;
    }
    this.events.connection({ state: 'connecting' });
    void isCopy.then(() => this.connectClaimed());
  }

  /** The storage of a copy has been cleared: it has no token, so a duplicated tab is a second guest. */
  private connectClaimed(): void {
    this.isClaimed = true;
    this.resumeToken = tabStorage.read(TOKEN_NAME);
    this.connect();
  }

  get isOpen(): boolean {
    return this.ready;
  }

  private connect(): void {
    if (this.lifecycle !== 'started' || !this.isClaimed || this.stopped || this.socket !== undefined) return;
    window.clearTimeout(this.retryTimer);
    if (this.outage === undefined) this.events.connection({ state: 'connecting' });
    const socket = new WebSocket(this.url);
    this.socket = socket;
    const giveUp = window.setTimeout(() => this.drop(socket), connectTimeout(this.attempts));
    socket.onopen = () => {
      const { resumeToken } = this;
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

  /** Sends a notification, which has no reply. Without a connection it is dropped. */
  notify<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    if (this.ready) this.socket?.send(JSON.stringify({ event, data }));
  }

  /**
   * Sends a request as soon as there is a connection, and again after a reconnection until a reply arrives. It is
   * dropped when the server cannot resume the user's session. An error is a reply too, so it is not retried.
   */
  sendReliably<E extends ClientEventName>(event: E, data: ClientInput<E>): void {
    this.request(event, data).catch((error: unknown) => {
      if (isDisconnected(error)) this.unsent.push(() => this.sendReliably(event, data));
    });
  }

  /** Sends a request and resolves with its reply. Rejects only with `RequestError`. */
  request<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
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
          // The schema of this event has parsed it; TypeScript cannot follow that through the table.
          if (parsed.success) resolve(parsed.data as ClientReply<E>);
          else reject(new RequestError({ code: 'internal', message: 'the reply was not understood' }));
        },
      });
      this.socket.send(JSON.stringify({ event, data, id }));
      this.silence.asked();
    });
  }

  /** Connects at once, without waiting for the next retry. */
  reconnectNow(): void {
    if (this.lifecycle !== 'started') return;
    this.stopped = false;
    this.attempts = 0;
    if (this.socket !== undefined && !this.ready) this.drop(this.socket);
    this.connect();
  }

  /** Closes the connection for good: the server keeps nothing to resume. */
  close(): void {
    if (this.lifecycle === 'closed') return;
    this.lifecycle = 'closed';
    this.stopped = true;
    this.tab?.release();
    window.removeEventListener('online', this.onOnline);
    window.removeEventListener('pageshow', this.onWake);
    window.removeEventListener('offline', this.onOffline);
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.disconnect();
  }

  /** Disconnects, and connects again as the browser's present user without resuming anything. */
  startOver(): void {
    if (this.lifecycle !== 'started') return;
    this.disconnect();
    this.stopped = false;
    this.attempts = 0;
    this.outage = undefined;
    this.connect();
  }

  private disconnect(): void {
    window.clearTimeout(this.retryTimer);
    this.forgetSession();
    const { socket } = this;
    this.socket = undefined;
    this.ready = false;
    this.silence.stop();
    socket?.close(1000);
    this.rejectPending();
  }

  /** Messages of the previous user must not be sent in the next user's name. */
  private forgetSession(): void {
    this.resumeToken = null;
    tabStorage.write(TOKEN_NAME, null);
    this.unsent = [];
  }

  /** The network is back, or the page: the socket may have died meanwhile, and nobody has to wait for the next retry. */
  private readonly onWake = (): void => {
    if (this.socket === undefined && !this.stopped) this.connect();
    else this.silence.check();
  };

  /** An attempt that was begun on a network that is gone would wait until its time-out. */
  private readonly onOnline = (): void => (this.ready || this.stopped ? this.onWake() : this.reconnectNow());

  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'visible') this.onWake();
  };

  /** The device reports that it has no network, so there is no need to wait for a timeout. */
  private readonly onOffline = (): void => {
    if (this.socket !== undefined) this.drop(this.socket);
    else if (this.outage !== undefined && !this.stopped) this.reportOutage(performance.now());
  };

  private receive(text: string, onConnected: () => void): void {
    this.silence.heard();
    this.doubt.heard();
    const envelope = envelopeSchema.safeParse(parseJson(text));
    if (!envelope.success) return;
    const { event, data, id } = envelope.data;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id !== undefined && pending !== undefined) {
      this.pending.delete(id);
      this.silence.replied();
      this.settle(pending, event, data);
      return;
    }
    if (!isServerEvent(event)) return;
    const message = parseServerMessage(event, data);
    if (message === undefined) return;
    if (message.event === 'connected') {
      onConnected();
      this.onConnected(message.data);
    }
    if (message.event === 'banned') this.ban = message.data;
    if (message.event === 'error' && message.data.code === 'server_busy')
      this.busyMs = message.data.retryAfterMs;
    if (message.event === 'notice' && message.data.code === 'shutting_down') this.serverIsLeaving = true;
    this.events.message(message);
  }

  private settle(pending: Pending, event: string, data: unknown): void {
    if (event !== 'error') {
      pending.resolve(data);
      return;
    }
    const error = errorSchema.safeParse(data);
    pending.reject(
      new RequestError(error.success ? error.data : { code: 'internal', message: 'unreadable error' }),
    );
  }

  private onConnected({ resumeToken, resumed }: ServerData<'connected'>): void {
    this.resumeToken = resumeToken;
    tabStorage.write(TOKEN_NAME, resumeToken);
    this.ready = true;
    this.attempts = 0;
    this.outage = undefined;
    this.serverIsLeaving = false;
    this.silence.start();
    const unsent = this.unsent.splice(0);
    if (resumed) for (const send of unsent) send();
    this.events.connection({ state: 'open' });
  }

  /** Closes a socket without waiting for its closing handshake. */
  private drop(socket: WebSocket): void {
    if (this.socket !== socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    // An application code: the server can resume the session as after any lost connection.
    socket.close(4000);
    this.lost(1006);
  }

  private lost(code: number): void {
    const wasGreeted = this.ready;
    this.socket = undefined;
    this.ready = false;
    this.silence.stop();
    this.rejectPending();
    if (this.stopped) return;
    const name = (Object.keys(CLOSE) as CloseName[]).find((key) => CLOSE[key].code === code);
    if (name !== undefined && name !== 'goingAway' && FINAL_CLOSES.includes(name)) {
      this.stopped = true;
      // Nothing of the session is left at the server.
      if (name === 'banned') this.forgetSession();
      const ban = name === 'banned' && this.ban !== undefined ? { ban: this.ban } : {};
      this.events.connection({ state: 'closed', reason: name, ...ban });
      return;
    }
    if (name === 'signedOut') {
      this.forgetSession();
      this.events.signedOut();
    }
    const restarts = this.serverIsLeaving || name === 'goingAway';
    const resumable = wasGreeted && !restarts && name !== 'signedOut';
    this.outage ??= {
      since: performance.now(),
      resumable,
      moving: name === 'moving',
      restarts,
      tried: !wasGreeted,
    };
    this.outage.restarts ||= restarts;
    this.outage.tried ||= !wasGreeted;
    this.outage.busyMs = name === 'busy' ? (this.busyMs ?? BUSY_MS) : undefined;
    this.retry(this.outage);
  }

  private retry(outage: Outage): void {
    const now = performance.now();
    const delay = retryDelay(outage, this.attempts, Math.random());
    this.attempts += 1;
    const silentMs = silentFor(outage, now);
    if (silentMs <= 0) this.reportOutage(now + delay);
    else {
      window.setTimeout(() => {
        if (this.outage === outage && !this.stopped) this.reportOutage(performance.now());
      }, silentMs);
    }
    this.retryTimer = window.setTimeout(() => this.connect(), delay);
  }

  private reportOutage(nextTryAt: number): void {
    const { outage } = this;
    if (outage === undefined) return;
    const why = problemOf(outage, { now: performance.now(), isOnline: navigator.onLine });
    const { since } = outage;
    this.events.connection({ state: 'reconnecting', why, since, keptUntil: keptUntil(outage), nextTryAt });
  }

  private rejectPending(): void {
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
  // As above: the schema of this event has parsed it.
  return parsed.success ? ({ event, data: parsed.data } as ServerMessage) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
