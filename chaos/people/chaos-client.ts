import {
  AutonomousClient,
  type ClientHooks,
  type ClientPolicy,
  type ClientState,
  type Handshake,
} from '../../test/support/client';
import { CLOSE, type ServerMessage } from '../../src/protocol';
import type { ChaosNode } from '../nodes/chaos-node';
import { CallHistory } from './call-history';
import { LONG_AWAY_MS, type ChaosContext } from './context';
import { RealLines } from './real-line';
import { RecoveryTimer } from './recovery-timer';
import { Trace, isFrequent, summaryOf } from './trace';

/** How long a dropped client takes to try again. */
const RECONNECT_MS = { least: 200, more: 300 };
/** How long after the return of Redis a node may take to write its peers again (ms). */
const REDIS_REFILL_MS = 5_000;

/** One client of a chaos run: an autonomous client that acts at random, and is counted, timed and traced. */
export class ChaosClient {
  readonly history = new CallHistory();
  readonly recovery: RecoveryTimer;
  readonly trace = new Trace();
  readonly lines: RealLines | undefined;
  private readonly client: AutonomousClient<ChaosNode>;
  private disconnectedAt = 0;
  private sent = 0;

  constructor(
    readonly name: string,
    readonly random: () => number,
    private readonly context: ChaosContext,
    private readonly hasMedia: boolean,
  ) {
    this.recovery = new RecoveryTimer(context);
    this.client = new AutonomousClient(this.policy(), this.hooks());
    if (hasMedia && context.pictures !== undefined) {
      this.lines = new RealLines(this.client, context.pictures);
      this.client.media = this.lines;
    }
  }

  get state(): ClientState {
    return this.client.state;
  }

  get id(): string {
    return this.client.id;
  }

  /** The node of this client's socket; undefined without a connection. */
  get node(): ChaosNode | undefined {
    return this.client.endpoint;
  }

  connect(): void {
    this.client.connect();
  }

  /** The client's node is about to be killed. */
  nodeKilled(at: number): void {
    if (this.node === undefined || (this.state.state === 'idle' && !this.recovery.isRunning)) return;
    this.recovery.start(at);
  }

  search(): void {
    this.client.search({ mode: this.hasMedia ? 'video' : 'text', blurFirst: this.random() < 0.3 });
  }

  cancelSearch(): void {
    this.recovery.cancel();
    this.client.cancelSearch();
  }

  next(): void {
    this.client.next();
  }

  leaveCall(): void {
    if (this.client.callId === undefined) return;
    this.recovery.cancel();
    this.client.leaveCall();
  }

  /** Writes to the partner. Returns the id of the message. */
  say(): string | undefined {
    const { callId } = this.client;
    if (callId === undefined) return undefined;
    this.sent += 1;
    const id = `${this.name}-${this.sent}`;
    const message = { id, callId, sender: this.id, acknowledgedAt: null, hasArrived: false };
    this.context.tally.messages.set(id, message);
    this.client
      .request('chat_message', { callId, id, text: `message ${this.sent}` })
      .then(() => Object.assign(message, { acknowledgedAt: Date.now() }))
      .catch(() => undefined);
    return id;
  }

  hasDelivered(id: string): boolean {
    return this.client.delivered.has(id);
  }

  setTyping(typing: boolean): void {
    const { callId } = this.client;
    if (callId !== undefined) this.client.send('typing', { callId, typing });
  }

  /** The network goes away. */
  drop(): void {
    this.recovery.cancel();
    this.context.tally.drops += 1;
    this.client.drop();
  }

  /** Leaves, and comes as a new peer. */
  startOver(): void {
    this.recovery.cancel();
    this.client.startOver();
  }

  /** Leaves for good. */
  close(): void {
    this.recovery.cancel();
    this.client.close();
  }

  describe(): string {
    const { state } = this.client;
    const open = state.state === 'in_call' && !state.isOpen ? ' (not open)' : '';
    const call = state.state === 'in_call' ? ` ${state.callId} with ${state.partnerId}${open}` : '';
    const unanswered = this.client.unanswered().map(({ event, ms }) => `, ${event} unanswered for ${ms} ms`);
    const node = this.node?.name ?? 'no node';
    return `${this.name} = ${this.id}, ${state.state}${call}, at ${node}${unanswered.join('')}`;
  }

  private policy(): ClientPolicy<ChaosNode> {
    return {
      pickEndpoint: () => {
        this.recovery.turned();
        return this.context.pick(this.random);
      },
      reconnectAfterMs: () => RECONNECT_MS.least + this.random() * RECONNECT_MS.more,
      acceptAfterMs: () => 100 + this.random() * 700,
      readsMessage: () => this.random() < 0.5,
      searchesAgain: () => this.recovery.isRunning,
    };
  }

  private hooks(): ClientHooks<ChaosNode> {
    const { history, trace, context } = this;
    const { tally } = context;
    return {
      received: (message, node) => this.received(message, node),
      sending: (event) => {
        if (!isFrequent(event)) trace.note(`      sends ${event}`);
      },
      rejected: (code, event) => {
        trace.note(`error ${code} to ${event}`);
        tally.rejected(code, event);
      },
      violation: (words) => tally.violations.push(`${this.name}: ${words}`),
      connected: (handshake, _node, returning) => this.connected(handshake, returning),
      disconnected: (code) => this.disconnected(code),
      searchBegan: () => (tally.searches += 1),
      waiting: () => this.recovered('queue'),
      callFound: ({ callId, partner }) => {
        history.found(callId, this.id, partner.id);
        this.recovered('call');
      },
      callEnded: (how) => history.ended(how),
      partnerPresence: (isPresent) => (isPresent ? history.together() : history.apart()),
      inDoubt: (isInDoubt) => {
        history.inDoubt(isInDoubt);
        trace.note(isInDoubt ? 'the server is silent' : 'the server speaks again');
      },
      mediaBridged: () => (tally.joins += 1),
      reloading: () => {
        tally.reloads += 1;
        this.noteOddity('answered not_idle, and so loaded again');
      },
    };
  }

  private received(message: ServerMessage, node: ChaosNode): void {
    const { tally } = this.context;
    if (message.event !== 'stats') this.trace.note(`${summaryOf(message)} from ${node.name}`);
    if (message.event === 'search_ended') tally.searchesEnded += 1;
    else if (message.event === 'line_lost') tally.linesLost += 1;
    else if (message.event === 'chat_message') {
      const sent = tally.messages.get(message.data.id);
      if (sent !== undefined) sent.hasArrived = true;
    }
  }

  private connected({ resumed, session }: Handshake, returning: boolean): void {
    const { tally } = this.context;
    if (resumed) tally.resumes += 1;
    else if (returning) this.forgotten();
    if (session.state === 'idle') this.recovery.stateLost();
  }

  /** Redis keeps nothing in these runs: after it was away, each node has to write its peers again. */
  private forgotten(): void {
    const { tally } = this.context;
    const redisAway = this.context.redisLastAway();
    if (redisAway !== null && redisAway >= this.disconnectedAt - REDIS_REFILL_MS)
      tally.forgottenWithRedis += 1;
    else tally.forgotten += 1;
    this.noteOddity('not known again');
  }

  private disconnected(code: number): void {
    this.trace.note(`closed ${code}`);
    this.disconnectedAt = Date.now();
    this.history.apart();
    if (code !== CLOSE.replaced.code) return;
    this.context.tally.replaced += 1;
    this.noteOddity('closed as replaced, though no other window came');
  }

  private recovered(to: 'queue' | 'call'): void {
    const ms = this.recovery.stop(to, this.node);
    if (ms > LONG_AWAY_MS) this.noteOddity(`back only ${ms} ms after their node was killed`);
  }

  private noteOddity(words: string): void {
    this.context.tally.oddities.push(`${this.describe()}: ${words}${this.trace.tail()}`);
  }
}
