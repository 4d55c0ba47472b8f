import type { Bus, BusListener, NodeAddress } from '../app/ports/bus';
import type { Clock } from '../app/ports/clock';
import { parseMessage } from './bus/message';
import { BusOutbox } from './bus/outbox';
import { Probes } from './bus/probes';
import { Sequence } from './bus/sequence';
import type { RedisConnection } from './connection';
import { Subscriptions } from './subscriptions';
import { KEY_PREFIX } from './key-prefix';

const FIRST_RETRY_MS = 25;
const MOST_RETRY_MS = 500;
/** How often a bus checks whether it still receives what is published for it (ms). */
const AUDIT_MS = 5_000;
const PROBE_MS = 2_000;

export interface RedisBusOptions {
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly self: NodeAddress;
  /** Starts the names of the channels; `KEY_PREFIX` by default. Buses with the same prefix are one bus. */
  readonly prefix?: string;
  /** Called with each error in the background. The bus recovers by itself. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Texts between nodes, published and not stored: a channel for each node, and one for all of them.
 *
 * All channels share a hash tag, so in a cluster one server has them all. With several, a text to one node and a text
 * to all nodes would come over different connections, and the later one might arrive first.
 *
 * A subscription that exists may still receive nothing: a connection may hang, a channel may have moved. So a bus trusts
 * only a probe that it has published and received itself: before `listen` resolves, before it calls `restored`, and every
 * few seconds.
 */
export class RedisBus implements Bus {
  readonly self: NodeAddress;
  private readonly channel: string;
  private readonly channelOfAll: string;
  private readonly outbox: BusOutbox;
  private readonly subscriptions: Subscriptions;
  private readonly sequence = new Sequence();
  private readonly probes: Probes;
  private listener: BusListener | undefined;
  /** `whole`: as far as this bus knows, it receives everything that is published for it. */
  private state: 'unused' | 'opening' | 'whole' | 'mending' | 'closed' = 'unused';
  /** A subscription was lost while the bus was opening. */
  private lost = false;
  private stopAudits: (() => void) | undefined;
  private endPause: (() => void) | undefined;

  constructor(private readonly options: RedisBusOptions) {
    this.self = options.self;
    this.channel = this.channelOf(options.self);
    this.channelOfAll = `${options.prefix ?? KEY_PREFIX}{bus}:nodes`;
    this.outbox = new BusOutbox(options.redis, this.channelOfAll);
    this.subscriptions = new Subscriptions(options.redis);
    this.probes = new Probes(options.clock, PROBE_MS);
  }

  /** Rejects when Redis cannot be reached; it may then be called again. */
  async listen(listener: BusListener): Promise<void> {
    if (this.state !== 'unused') throw new Error(`the bus cannot be listened to: it is ${this.state}`);
    this.state = 'opening';
    this.listener = listener;
    try {
      await this.open();
    } catch (error) {
      this.listener = undefined;
      if (!this.isClosed) this.state = 'unused';
      throw error;
    }
    if (this.isClosed) throw new Error('the bus was closed');
    this.state = 'whole';
    this.stopAudits = this.options.clock.every(AUDIT_MS, () => void this.audit());
    if (this.lost) void this.mend();
  }

  send(to: NodeAddress, text: string): Promise<boolean> {
    return this.publish(this.channelOf(to), text);
  }

  async sendToAll(text: string): Promise<void> {
    await this.publish(this.channelOfAll, text);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.state = 'closed';
    // Texts sent before are still published; their senders learn the outcome.
    this.outbox.flush();
    this.stopAudits?.();
    this.subscriptions.close();
    this.probes.fail(new Error('the bus was closed'));
    this.endPause?.();
  }

  private get isClosed(): boolean {
    return this.state === 'closed';
  }

  private async publish(channel: string, text: string): Promise<boolean> {
    if (this.isClosed) throw new Error('the bus is closed');
    return this.outbox.post(channel, text);
  }

  /** Subscribes, and resolves once this bus receives what is published. */
  private async open(): Promise<void> {
    this.lost = false;
    for (const channel of [this.channel, this.channelOfAll]) {
      await this.subscriptions.subscribe(channel, {
        message: (message) => this.hear(message),
        lost: () => this.lose(),
      });
    }
    await this.probe();
  }

  private async probe(): Promise<void> {
    if (this.isClosed) throw new Error('the bus was closed');
    const { number, published } = this.outbox.probe(this.channel);
    await Promise.all([published, this.probes.expect(number)]);
  }

  private hear(message: string): void {
    const { listener } = this;
    if (this.isClosed || listener === undefined) return;
    try {
      const { sender, number, texts } = parseMessage(message);
      if (texts.length === 0) {
        if (sender === this.outbox.name) this.probes.heard(number);
      } else if (this.sequence.follows(sender, number)) {
        for (const text of texts) this.deliver(listener, text);
      } else {
        // Texts arrive in order or not at all: these are dropped, so something was missed.
        listener.restored();
      }
    } catch (error) {
      this.report(error);
    }
  }

  /** Texts after a `close` are dropped. A listener that throws at one text still gets the next one. */
  private deliver(listener: BusListener, text: string): void {
    if (this.isClosed) return;
    try {
      listener.text(text);
    } catch (error) {
      this.report(error);
    }
  }

  private lose(): void {
    this.lost = true;
    if (this.state === 'whole') void this.mend();
  }

  private async mend(): Promise<void> {
    if (this.state !== 'whole') return;
    this.state = 'mending';
    for (let waitMs = FIRST_RETRY_MS; !this.isClosed; waitMs = Math.min(MOST_RETRY_MS, waitMs * 2)) {
      try {
        await this.open();
        if (!this.lost) break;
      } catch (error) {
        this.report(error);
      }
      await this.pause(waitMs);
    }
    if (this.isClosed) return;
    this.state = 'whole';
    this.listener?.restored();
  }

  /** One probe may be late because this process was busy; two late ones mean that something is wrong. */
  private async audit(): Promise<void> {
    if (this.state !== 'whole') return;
    try {
      await this.probe().catch(() => this.probe());
    } catch (error) {
      this.report(error);
      void this.mend();
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const forget = this.options.clock.after(ms, () => resolve());
      this.endPause = () => {
        forget();
        resolve();
      };
    });
  }

  private channelOf(node: NodeAddress): string {
    return `${this.options.prefix ?? KEY_PREFIX}{bus}:node:${node}`;
  }

  private report(error: unknown): void {
    if (!this.isClosed) this.options.onError?.(error);
  }
}
