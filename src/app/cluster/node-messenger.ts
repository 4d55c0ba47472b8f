import { z } from 'zod';
import { DomainError } from '../../domain/error';
import { errorSchema } from '../../protocol';
import type { Bus, NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { NotificationDefinition, RequestDefinition } from './messages';

/** How long a reply may take. A call's media is made well within it, and no request waits longer for a dead node. */
const REPLY_TIMEOUT_MS = 4_000;

/** How long a bus that is away is waited for at the start, and the pause between two tries. */
const OPEN_WITHIN_MS = 10_000;
const OPEN_RETRY_MS = 100;

const envelopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('notification'), from: z.string(), name: z.string(), data: z.unknown() }),
  z.object({
    kind: z.literal('request'),
    from: z.string(),
    name: z.string(),
    id: z.number(),
    data: z.unknown(),
  }),
  z.object({ kind: z.literal('reply'), from: z.string(), id: z.number(), data: z.unknown() }),
  z.object({ kind: z.literal('error'), from: z.string(), id: z.number(), error: errorSchema }),
]);
type Envelope = z.infer<typeof envelopeSchema>;

type Outcome =
  | { readonly kind: 'reply'; readonly data: unknown }
  | { readonly kind: 'error'; readonly error: DomainError };

interface PendingRequest {
  readonly to: NodeAddress;
  readonly settle: (outcome: Outcome) => void;
}

export interface NodeMessengerEvents {
  /** The bus was away and is back: messages may have been missed. */
  restored(): void;
  /** A message was sent to a node on whose channel no process listens. */
  unheard(node: NodeAddress): void;
}

export interface NodeMessengerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * Sends messages to other nodes and serves their messages. Each message is parsed once, here, by its definition, and
 * each reply is matched to its request. A message to this node itself does not go over the bus, and arrives in a
 * microtask of its own.
 */
export class NodeMessenger implements EventSource<NodeMessengerEvents> {
  private readonly notificationHandlers = new Map<string, (data: unknown, from: NodeAddress) => void>();
  private readonly requestHandlers = new Map<
    string,
    (data: unknown, from: NodeAddress) => Promise<unknown>
  >();
  private readonly pending = new Map<number, PendingRequest>();
  private readonly events = new EventEmitter<NodeMessengerEvents>();
  private nextId = 1;
  private closed = false;

  constructor(private readonly deps: NodeMessengerDeps) {}

  /** The address of this node. */
  get self(): NodeAddress {
    return this.deps.bus.self;
  }

  /**
   * Starts to receive. To be called once, when all handlers are registered. A bus that goes away just now is waited for;
   * rejects when that takes too long.
   */
  async open(): Promise<void> {
    const { bus, clock } = this.deps;
    for (const until = clock.elapsed() + OPEN_WITHIN_MS; ;) {
      try {
        await bus.listen({
          text: (text) => this.receive(text),
          restored: () => this.events.emit((listener) => listener.restored?.()),
        });
        return;
      } catch (error) {
        if (this.closed || clock.elapsed() >= until) throw error;
        await new Promise<void>((resolve) => clock.after(OPEN_RETRY_MS, resolve));
      }
    }
  }

  /** Messages whose data does not fit the definition are reported and dropped. A message has one handler. */
  onNotification<Data>(
    { name, data: schema }: NotificationDefinition<Data>,
    handler: (data: Data, from: NodeAddress) => void,
  ): void {
    if (this.notificationHandlers.has(name)) throw new Error(`${name} has a handler already`);
    this.notificationHandlers.set(name, (data, from) => handler(schema.parse(data), from));
  }

  onRequest<Data, Reply>(
    { name, data: schema }: RequestDefinition<Data, Reply>,
    handler: (data: Data, from: NodeAddress) => Promise<Reply>,
  ): void {
    if (this.requestHandlers.has(name)) throw new Error(`${name} has a handler already`);
    this.requestHandlers.set(name, (data, from) => handler(schema.parse(data), from));
  }

  on(listener: Partial<NodeMessengerEvents>): void {
    this.events.on(listener);
  }

  /** Never throws: a notification that cannot be sent is lost, as any notification can be. */
  notify<Data>(to: NodeAddress, { name }: NotificationDefinition<Data>, data: Data): void {
    this.post(to, { kind: 'notification', from: this.self, name, data }).catch(() => undefined);
  }

  /** Rejects when the bus is away. */
  notifyAll<Data>({ name }: NotificationDefinition<Data>, data: Data): Promise<void> {
    const envelope: Envelope = { kind: 'notification', from: this.self, name, data };
    return this.deps.bus.sendToAll(JSON.stringify(envelope));
  }

  /**
   * Rejects with a `DomainError`: the other node's own, or `node_unreachable`. After the latter the other node may
   * have executed the request all the same.
   */
  request<Data, Reply>(
    to: NodeAddress,
    definition: RequestDefinition<Data, Reply>,
    data: Data,
    timeoutMs = REPLY_TIMEOUT_MS,
  ): Promise<Reply> {
    const { name } = definition;
    const id = this.nextId++;
    const deadline = this.deps.clock.elapsed() + timeoutMs;
    return new Promise<Reply>((resolve, reject) => {
      const rejectUnreachable = (why: string): void => reject(new DomainError('node_unreachable', why, 1000));
      const stop = this.deps.clock.after(timeoutMs, () => {
        this.pending.delete(id);
        rejectUnreachable(`no reply to ${name}`);
      });
      const settle = (outcome: Outcome): void => {
        this.pending.delete(id);
        stop();
        if (outcome.kind === 'error') return reject(outcome.error);
        // A process that was suspended reads a reply before its own timer fires. The other node relies on the
        // deadline.
        if (this.deps.clock.elapsed() > deadline)
          return rejectUnreachable(`the reply to ${name} came too late`);
        const parsed = definition.reply.safeParse(outcome.data);
        if (parsed.success) resolve(parsed.data);
        else rejectUnreachable(`the reply to ${name} was not understood`);
      };
      this.pending.set(id, { to, settle });
      const failed = (why: string): void => {
        const error = new DomainError('node_unreachable', why, 1000);
        if (this.pending.has(id)) settle({ kind: 'error', error });
      };
      this.post(to, { kind: 'request', from: this.self, name, id, data }).then(
        (isHeard) => (isHeard ? undefined : failed('nobody listens there')),
        () => failed('the bus is away'),
      );
    });
  }

  /** That node is dead: requests to it are rejected at once. */
  forgetNode(node: NodeAddress): void {
    const error = new DomainError('node_unreachable', 'the node is dead');
    for (const { to, settle } of [...this.pending.values()])
      if (to === node) settle({ kind: 'error', error });
  }

  /** Idempotent. Pending requests are rejected, then the bus is closed; nothing is received afterwards. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const error = new DomainError('shutting_down', 'this node is shutting down');
    for (const { settle } of [...this.pending.values()]) settle({ kind: 'error', error });
    await this.deps.bus.close();
  }

  /** `false` when no process listens on that node's channel. */
  private async post(to: NodeAddress, envelope: Envelope): Promise<boolean> {
    if (this.closed) return false;
    const text = JSON.stringify(envelope);
    if (to === this.self) {
      queueMicrotask(() => this.receive(text));
      return true;
    }
    const isHeard = await this.deps.bus.send(to, text);
    if (!isHeard) this.events.emit((listener) => listener.unheard?.(to));
    return isHeard;
  }

  private receive(text: string): void {
    if (this.closed) return;
    let envelope: Envelope;
    try {
      envelope = envelopeSchema.parse(JSON.parse(text));
    } catch (error) {
      this.deps.reportError(error, 'a message from another node was not understood');
      return;
    }
    switch (envelope.kind) {
      case 'notification':
        this.notified(envelope);
        return;
      case 'request':
        void this.requested(envelope);
        return;
      case 'reply':
        this.pending.get(envelope.id)?.settle({ kind: 'reply', data: envelope.data });
        return;
      case 'error': {
        const { code, message, retryAfterMs } = envelope.error;
        const error = new DomainError(code, message, retryAfterMs);
        this.pending.get(envelope.id)?.settle({ kind: 'error', error });
        return;
      }
    }
  }

  private notified({ name, data, from }: Extract<Envelope, { kind: 'notification' }>): void {
    try {
      // A node of another version may send notifications that this one does not know.
      this.notificationHandlers.get(name)?.(data, from);
    } catch (error) {
      this.deps.reportError(error, `a notification of another node (${name}) could not be handled`);
    }
  }

  private async requested({ name, data, from, id }: Extract<Envelope, { kind: 'request' }>): Promise<void> {
    const handler = this.requestHandlers.get(name);
    try {
      if (handler === undefined) throw new DomainError('unknown_event', `${name} is not served here`);
      const reply = await handler(data, from);
      await this.post(from, { kind: 'reply', from: this.self, id, data: reply });
    } catch (error) {
      const isExpected = error instanceof DomainError;
      const answer = isExpected ? error : new DomainError('internal', 'an error occurred on the other node');
      if (!isExpected) this.deps.reportError(error, `a request of another node (${name}) failed`);
      this.post(from, { kind: 'error', from: this.self, id, error: answer.toWire() }).catch(() => undefined);
    }
  }
}
