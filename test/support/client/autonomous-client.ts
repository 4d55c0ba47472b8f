import {
  CLOSE,
  type CallMedia,
  type ClientEventName,
  type ClientInput,
  type ClientReply,
  type ServerData,
  type ServerMessage,
} from '../../../src/protocol';
import { connectTimeout } from '../../../client/src/chat/engine/outage';
import { ServerDoubt } from '../../../client/src/chat/engine/server-doubt';
import type { ClientHooks, ClientPolicy, ClientState, ClientWishes, Endpoint } from './client-hooks';
import type { ClientMedia, Handshake, Signaling } from './client-media';
import { ProtocolConnection } from './connection';
import { DisconnectedError, failureCode, retryAfterMs } from './errors';
import type { MessageOfCall } from './message-of-call';

/** Like the product's client: how long a socket may be silent about a request. */
const SILENCE_TIMEOUT_MS = 10_000;

/** Spreads the clients, so that not all of them come again at once. */
const spread = (ms: number): number => ms * (1 + Math.random());

/**
 * A client that does by itself what the product's client does: it comes back to another node with its resume token,
 * sends reliably what must not be lost, consumes the media of its calls, answers with receipts, and searches again after
 * a search that was lost. The decisions of users are its policy; tests count and assert with its hooks.
 */
export class AutonomousClient<E extends Endpoint> implements Signaling {
  /** The node whose handshake this socket has; undefined without a connection. */
  endpoint: E | undefined;
  id = 'nobody yet';
  media: ClientMedia | undefined;
  /** Ids of own messages that have arrived. */
  readonly delivered = new Set<string>();
  private connection: ProtocolConnection | undefined;
  private resumeToken: string | undefined;
  private cookie: string | undefined;
  private wishes: ClientWishes = { mode: 'text', blurFirst: false };
  /** The user wants to meet a partner. */
  private wantsPartner = false;
  private hadHandshake = false;
  private attempts = 0;
  private leftCallId: string | undefined;
  /** The search could not be sent to the server. */
  private searchIsUnsent = false;
  private unsent: (() => void)[] = [];
  /** When the server, too busy for new people or searches, has said to come again (ms). */
  private busyMs = 0;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private hasLeft = false;
  private present: ClientState = { state: 'idle' };
  /** The product's own: in a call, a silence of the server is noticed within two seconds. */
  private readonly doubt = new ServerDoubt(
    () => this.endpoint !== undefined,
    () => this.request('ping', {}),
    (isInDoubt) => this.hooks.inDoubt?.(isInDoubt),
  );

  constructor(
    private readonly policy: ClientPolicy<E>,
    private readonly hooks: ClientHooks<E> = {},
  ) {}

  get state(): ClientState {
    return this.present;
  }

  private set state(state: ClientState) {
    this.present = state;
    this.doubt.follow(state.state === 'in_call');
  }

  get callId(): string | undefined {
    return this.state.state === 'in_call' ? this.state.callId : undefined;
  }

  connect(): void {
    if (this.hasLeft || this.connection !== undefined) return;
    const endpoint = this.policy.pickEndpoint();
    if (endpoint === undefined) {
      this.reconnectSoon();
      return;
    }
    const isCurrent = (): boolean => this.connection === connection;
    const headers: Record<string, string> = this.cookie === undefined ? {} : { cookie: this.cookie };
    const connection: ProtocolConnection = new ProtocolConnection(
      endpoint.wsUrl,
      { headers, handshakeTimeoutMs: connectTimeout(this.attempts), silenceTimeoutMs: SILENCE_TIMEOUT_MS },
      {
        opened: () => connection.hello(this.resumeToken),
        heard: () => this.doubt.heard(),
        message: (message) => {
          if (isCurrent()) this.receive(message, endpoint);
        },
        violation: (words) => this.hooks.violation?.(words),
        rejected: (code, event) => this.hooks.rejected?.(code, event),
        closed: (code, reason) => {
          if (isCurrent()) this.disconnected(code, reason);
        },
      },
    );
    this.connection = connection;
    this.attempts += 1;
  }

  /** Dropped while there is no connection. */
  send<N extends ClientEventName>(event: N, data: ClientInput<N>): void {
    if (this.endpoint === undefined) return;
    this.hooks.sending?.(event, data);
    this.connection?.send(event, data);
  }

  /** Rejects with `RequestError` or `DisconnectedError` only. */
  request<N extends ClientEventName>(event: N, data: ClientInput<N>): Promise<ClientReply<N>> {
    if (this.endpoint === undefined || this.connection === undefined) {
      return Promise.reject(new DisconnectedError(event, null));
    }
    this.hooks.sending?.(event, data);
    return this.connection.request(event, data);
  }

  /** Sent again to the next node when this one has not answered. An error reply means that nothing is left to be done. */
  sendReliably<N extends ClientEventName>(event: N, data: ClientInput<N>): void {
    this.request(event, data).catch((error: unknown) => {
      if (failureCode(error) === 'disconnected') this.unsent.push(() => this.sendReliably(event, data));
    });
  }

  search(wishes: Partial<ClientWishes> = {}): void {
    this.wishes = { ...this.wishes, ...wishes };
    this.wantsPartner = true;
    this.hooks.searchBegan?.();
    this.beginSearch();
    const sentAt = Date.now();
    this.request('find_partner', { ...this.wishes, agreed: true }).catch((error: unknown) => {
      const code = failureCode(error);
      this.searchIsUnsent = code === 'disconnected';
      if (this.searchIsUnsent || !this.isUnconfirmedSince(sentAt)) return;
      this.state = { state: 'idle' };
      // The server has another state than this client shows.
      if (code === 'not_idle') this.reload();
      if (code === 'server_busy') setTimeout(() => this.searchIfWanted(), spread(retryAfterMs(error)));
    });
  }

  private searchIfWanted(): void {
    if (this.wantsPartner && this.state.state === 'idle') this.search();
  }

  cancelSearch(): void {
    this.wantsPartner = false;
    this.becomeIdle('cancelled');
    this.sendReliably('cancel_search', {});
  }

  next(): void {
    const callId = this.leaveHere('next');
    if (callId === undefined) return;
    this.beginSearch();
    this.askForNext(callId);
  }

  private askForNext(callId: string): void {
    const sentAt = Date.now();
    this.request('next_partner', { callId }).catch((error: unknown) => {
      const code = failureCode(error);
      if (code === 'disconnected') this.sendReliably('next_partner', { callId });
      else if (code !== 'no_call' && code !== 'stale_call') return;
      else if (this.isUnconfirmedSince(sentAt)) this.search();
    });
  }

  leaveCall(): void {
    const callId = this.leaveHere('left');
    if (callId === undefined) return;
    this.wantsPartner = false;
    this.sendReliably('leave_room', { callId });
  }

  /** The network goes away. */
  drop(): void {
    this.connection?.drop();
  }

  /** The page is loaded again: it keeps only the resume token. */
  reload(): void {
    this.hooks.reloading?.();
    this.becomeIdle('reloaded');
    this.hadHandshake = false;
    this.leftCallId = undefined;
    this.connection?.closeAtOnce(1001);
  }

  /** Leaves, and comes as a new peer. */
  startOver(): void {
    this.sayGoodBye();
    this.resumeToken = undefined;
    this.cookie = undefined;
    this.hadHandshake = false;
    this.reconnectSoon();
  }

  /** Leaves for good. */
  close(): void {
    this.hasLeft = true;
    this.media?.close();
    this.sayGoodBye();
  }

  /** Requests without a reply, each with how long ago it was sent (ms). */
  unanswered(): { event: ClientEventName; ms: number }[] {
    return this.connection?.unanswered() ?? [];
  }

  private sayGoodBye(): void {
    this.becomeIdle('good-bye');
    this.wantsPartner = false;
    clearTimeout(this.reconnectTimer);
    const { connection } = this;
    this.connection = undefined;
    this.endpoint = undefined;
    this.unsent = [];
    connection?.closeAtOnce(1000);
  }

  private beginSearch(): void {
    this.endCall('searches again');
    this.state = { state: 'searching', confirmedAt: 0 };
    this.searchIsUnsent = false;
  }

  private isUnconfirmedSince(sentAt: number): boolean {
    return this.state.state === 'searching' && this.state.confirmedAt < sentAt;
  }

  /** Ends the call on this side; later messages about it are ignored. */
  private leaveHere(how: string): string | undefined {
    const { callId } = this;
    if (callId === undefined) return undefined;
    this.leftCallId = callId;
    this.becomeIdle(how);
    return callId;
  }

  private becomeIdle(how: string): void {
    this.endCall(how);
    this.state = { state: 'idle' };
  }

  private endCall(how: string): void {
    if (this.state.state !== 'in_call') return;
    this.hooks.callEnded?.(how);
    this.media?.leaveCall();
  }

  private disconnected(code: number, reason: string): void {
    this.cookie = this.connection?.cookie;
    this.connection = undefined;
    this.endpoint = undefined;
    this.hooks.disconnected?.(code, reason);
    if (code === CLOSE.moving.code) this.connect();
    else if (code === CLOSE.busy.code) this.reconnectSoon(spread(this.busyMs));
    else this.reconnectSoon();
  }

  private reconnectSoon(afterMs = this.policy.reconnectAfterMs()): void {
    clearTimeout(this.reconnectTimer);
    this.reconnectTimer = setTimeout(() => this.connect(), afterMs);
  }

  private receive(message: ServerMessage, endpoint: E): void {
    this.hooks.received?.(message, endpoint);
    switch (message.event) {
      case 'connected':
        return this.connected(message.data, endpoint);
      case 'waiting_for_partner':
        return this.waiting();
      case 'search_ended':
        if (this.state.state === 'searching') this.state = { state: 'idle' };
        return;
      case 'partner_found':
        return this.found(message.data);
      case 'line_lost':
        return this.media?.lineLost(message.data.lineId);
      case 'line_move':
        return this.media?.lineMoves(message.data.lineId);
      case 'error':
        this.busyMs = message.data.retryAfterMs ?? 0;
        return this.hooks.rejected?.(message.data.code, message.data.event ?? 'nothing');
      case 'stats':
      case 'notice':
      case 'banned':
        return;
      default:
        if (message.data.callId === this.callId) this.receiveOfCall(message);
    }
  }

  private receiveOfCall(message: MessageOfCall): void {
    switch (message.event) {
      case 'call_open':
        if (this.state.state === 'in_call') this.state.isOpen = true;
        return;
      case 'call_media':
        void this.joinMedia(message.data.callId, message.data);
        return;
      case 'partner_state':
        return this.hooks.partnerPresence?.(message.data.present);
      case 'partner_reconnecting':
        return this.hooks.partnerPresence?.(false);
      case 'partner_disconnected':
        this.becomeIdle(`told ${message.data.reason}`);
        if (this.policy.searchesAgain()) this.search();
        return;
      case 'chat_message':
        return this.acknowledge(message.data);
      case 'message_status':
        if (message.data.status !== 'sent') this.delivered.add(message.data.id);
    }
  }

  private connected(handshake: Handshake, endpoint: E): void {
    const { resumed, session } = handshake;
    const returning = this.resumeToken !== undefined;
    this.endpoint = endpoint;
    this.id = handshake.userId;
    this.resumeToken = handshake.resumeToken;
    this.attempts = 0;
    this.hooks.connected?.(handshake, endpoint, returning);
    const unsent = this.unsent.splice(0);
    if (resumed) for (const send of unsent) send();
    this.media?.connected(handshake);
    this.reconcile(session);
    this.hadHandshake = true;
  }

  /** Compares the server's state of this peer with that of the client. */
  private reconcile({ state, callId }: Handshake['session']): void {
    switch (this.state.state) {
      case 'in_call':
        if (callId === this.state.callId) return;
        this.becomeIdle('over when back');
        if (this.policy.searchesAgain() && state === 'idle') this.search();
        return;
      case 'searching':
        // The server may still have an earlier search, whose end did not reach it either.
        if (state === 'searching' && this.searchIsUnsent) this.sendReliably('cancel_search', {});
        if (state === 'idle' || (this.searchIsUnsent && [null, this.leftCallId].includes(callId)))
          this.search();
        else if (callId !== null && callId === this.leftCallId) this.askForNext(callId);
        return;
      case 'idle':
        // A page that was loaded again takes over the server's state.
        if (state !== 'idle' && !this.hadHandshake) this.wantsPartner = true;
    }
  }

  private waiting(): void {
    if (!this.wantsPartner) return;
    this.endCall('told to wait');
    this.state = { state: 'searching', confirmedAt: Date.now() };
    this.hooks.waiting?.();
  }

  private found(call: ServerData<'partner_found'>): void {
    const { callId, partner, accept, media } = call;
    if (callId === this.leftCallId) return;
    if (!this.wantsPartner) {
      this.sendReliably('leave_room', { callId });
      return;
    }
    if (callId !== this.callId) this.media?.leaveCall();
    this.hooks.callFound?.(call);
    this.state = { state: 'in_call', callId, partnerId: partner.id, isOpen: accept === null };
    if (accept?.you === false) {
      setTimeout(() => this.accept(callId), this.policy.acceptAfterMs()).unref();
    }
    if (media !== null) void this.joinMedia(callId, media);
  }

  private accept(callId: string): void {
    if (this.callId === callId) this.sendReliably('accept_partner', { callId });
  }

  private async joinMedia(callId: string, media: CallMedia): Promise<void> {
    if (this.media === undefined || !(await this.media.join(media))) return;
    if (this.callId !== callId) return;
    this.hooks.mediaBridged?.();
    this.request('call_media_ready', { callId, generation: media.generation, veiled: true }).catch(
      () => undefined,
    );
  }

  private acknowledge({ callId, id }: ServerData<'chat_message'>): void {
    this.send('message_delivered', { callId, id });
    if (this.policy.readsMessage()) this.send('message_read', { callId, id });
  }
}
