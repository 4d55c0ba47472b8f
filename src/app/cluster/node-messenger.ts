import { z } from 'zod';
import { DomainError } from '../../domain/error';
import { errorSchema } from '../../protocol';
import type { Bus, NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import {
  REQUESTS,
  NOTIFICATIONS,
  isRequest,
  isNotification,
  type RequestData,
  type RequestName,
  type RequestReply,
  type NotificationData,
  type NotificationName,
} from './contract';

/** How long an answer may take; a call's media is made well within it, and nobody waits longer for a dead node. */
const ANSWER_MS = 4_000;

const envelopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tell'), from: z.string(), name: z.string(), data: z.unknown() }),
  z.object({ kind: z.literal('ask'), from: z.string(), name: z.string(), id: z.number(), data: z.unknown() }),
  z.object({ kind: z.literal('answer'), from: z.string(), id: z.number(), data: z.unknown() }),
  z.object({ kind: z.literal('refusal'), from: z.string(), id: z.number(), error: errorSchema }),
]);
type Envelope = z.infer<typeof envelopeSchema>;

type NotificationHandler<T extends NotificationName> = (data: NotificationData<T>, from: NodeAddress) => void;
type RequestHandler<A extends RequestName> = (
  data: RequestData<A>,
  from: NodeAddress,
) => Promise<RequestReply<A>>;

interface Pending {
  readonly to: NodeAddress;
  readonly name: RequestName;
  readonly settle: (outcome: { data: unknown } | { domainError: DomainError }) => void;
}

export interface NodeMessengerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  /** An error of ours that was caught. */
  readonly reportError: (error: unknown, message: string) => void;
}

/**
 * What nodes tell and ask each other, by the contract: each text is parsed once, here, and each answer is matched to
 * its question. What a node tells itself takes the same way without the bus, one turn later.
 */
export class NodeMessenger {
  private readonly notificationHandlers = new Map<string, (data: unknown, from: NodeAddress) => void>();
  private readonly requestHandlers = new Map<
    string,
    (data: unknown, from: NodeAddress) => Promise<unknown>
  >();
  private readonly pending = new Map<number, Pending>();
  private readonly restoredListeners: (() => void)[] = [];
  private readonly unheardListeners: ((node: NodeAddress) => void)[] = [];
  private nextId = 1;
  private closed = false;

  constructor(private readonly deps: NodeMessengerDeps) {}

  get self(): NodeAddress {
    return this.deps.bus.self;
  }

  /** To be called once, when all handlers are there. */
  async open(): Promise<void> {
    await this.deps.bus.listen({
      text: (text) => this.receive(text),
      restored: () => this.restoredListeners.forEach((listener) => listener()),
    });
  }

  onNotification<T extends NotificationName>(name: T, handler: NotificationHandler<T>): void {
    const schema = notificationSchema(name);
    this.notificationHandlers.set(name, (data, from) => handler(schema.parse(data), from));
  }

  onRequest<A extends RequestName>(name: A, handler: RequestHandler<A>): void {
    const schema = requestSchema(name);
    this.requestHandlers.set(name, (data, from) => handler(schema.parse(data), from));
  }

  onRestored(listener: () => void): void {
    this.restoredListeners.push(listener);
  }

  /** Told of a node for which nobody listens, at each text for it. */
  onUnheard(listener: (node: NodeAddress) => void): void {
    this.unheardListeners.push(listener);
  }

  /** Never throws: what could not be sent is lost, as anything told can be. */
  notify<T extends NotificationName>(to: NodeAddress, name: T, data: NotificationData<T>): void {
    this.post(to, { kind: 'tell', from: this.self, name, data }).catch(() => undefined);
  }

  notifyAll<T extends NotificationName>(name: T, data: NotificationData<T>): Promise<void> {
    const envelope: Envelope = { kind: 'tell', from: this.self, name, data };
    return this.deps.bus.sendToAll(JSON.stringify(envelope));
  }

  /** Rejects with a `DomainError`: the other node's own, or `node_unreachable`; the deed may then be done all the same. */
  request<A extends RequestName>(
    to: NodeAddress,
    name: A,
    data: RequestData<A>,
    answerMs = ANSWER_MS,
  ): Promise<RequestReply<A>> {
    const id = this.nextId++;
    const until = this.deps.clock.now() + answerMs;
    return new Promise<RequestReply<A>>((resolve, reject) => {
      const unreachable = (): void =>
        reject(new DomainError('node_unreachable', `no answer to ${name}`, 1000));
      const stop = this.deps.clock.after(answerMs, () => {
        this.pending.delete(id);
        unreachable();
      });
      const settle: Pending['settle'] = (outcome) => {
        this.pending.delete(id);
        stop();
        if ('domainError' in outcome) {
          reject(outcome.domainError);
          return;
        }
        // A process that stood still hears the answer before its own timer; the other node counts on the time, though.
        if (this.deps.clock.now() > until) {
          unreachable();
          return;
        }
        const parsed = replySchema(name).safeParse(outcome.data);
        if (parsed.success) resolve(parsed.data);
        else reject(new DomainError('node_unreachable', `the answer to ${name} was not understood`));
      };
      this.pending.set(id, { to, name, settle });
      const failed = (why: string): void => {
        if (this.pending.has(id)) settle({ domainError: new DomainError('node_unreachable', why, 1000) });
      };
      this.post(to, { kind: 'ask', from: this.self, name, id, data }).then(
        (isHeard) => (isHeard ? undefined : failed('nobody listens there')),
        () => failed('the bus is away'),
      );
    });
  }

  /** That node is gone: whoever waits for an answer of it need not wait longer. */
  forgetNode(node: NodeAddress): void {
    for (const { to, settle } of [...this.pending.values()]) {
      if (to === node) settle({ domainError: new DomainError('node_unreachable', 'the node is gone') });
    }
  }

  /** Idempotent: what waits for an answer is refused, nothing is heard any more. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const { settle } of [...this.pending.values()]) {
      settle({ domainError: new DomainError('shutting_down', 'this node stops') });
    }
    await this.deps.bus.close();
  }

  /** `false` when nobody listens there. */
  private async post(to: NodeAddress, envelope: Envelope): Promise<boolean> {
    if (this.closed) return false;
    const text = JSON.stringify(envelope);
    if (to === this.self) {
      queueMicrotask(() => this.receive(text));
      return true;
    }
    const isHeard = await this.deps.bus.send(to, text);
    if (!isHeard) for (const listener of this.unheardListeners) listener(to);
    return isHeard;
  }

  private receive(text: string): void {
    if (this.closed) return;
    let envelope: Envelope;
    try {
      envelope = envelopeSchema.parse(JSON.parse(text));
    } catch (error) {
      this.deps.reportError(error, 'a text from another node was not understood');
      return;
    }
    switch (envelope.kind) {
      case 'tell':
        this.notified(envelope.name, envelope.data, envelope.from);
        return;
      case 'ask':
        void this.requested(envelope);
        return;
      case 'answer':
        this.pending.get(envelope.id)?.settle({ data: envelope.data });
        return;
      case 'refusal': {
        const { code, message, retryAfterMs } = envelope.error;
        this.pending.get(envelope.id)?.settle({ domainError: new DomainError(code, message, retryAfterMs) });
        return;
      }
    }
  }

  private notified(name: string, data: unknown, from: NodeAddress): void {
    const handler = isNotification(name) ? this.notificationHandlers.get(name) : undefined;
    // Another version may tell what this one has no ear for.
    if (handler === undefined) return;
    try {
      handler(data, from);
    } catch (error) {
      this.deps.reportError(error, `what another node told (${name}) could not be heeded`);
    }
  }

  private async requested({ name, data, from, id }: Extract<Envelope, { kind: 'ask' }>): Promise<void> {
    const handler = isRequest(name) ? this.requestHandlers.get(name) : undefined;
    try {
      if (handler === undefined) throw new DomainError('unknown_event', `${name} is not answered here`);
      const answer = await handler(data, from);
      await this.post(from, { kind: 'answer', from: this.self, id, data: answer });
    } catch (error) {
      const domainError =
        error instanceof DomainError ? error : new DomainError('internal', 'the other node met an error');
      if (!(error instanceof DomainError))
        this.deps.reportError(error, `a question of another node (${name}) failed`);
      this.post(from, { kind: 'refusal', from: this.self, id, error: domainError.toWire() }).catch(
        () => undefined,
      );
    }
  }
}

// The contract's tables give each name its own schema; TypeScript cannot follow a generic name through a table.
const notificationSchema = <T extends NotificationName>(name: T): z.ZodType<NotificationData<T>> =>
  NOTIFICATIONS[name] as unknown as z.ZodType<NotificationData<T>>;
const requestSchema = <A extends RequestName>(name: A): z.ZodType<RequestData<A>> =>
  REQUESTS[name].data as unknown as z.ZodType<RequestData<A>>;
const replySchema = <A extends RequestName>(name: A): z.ZodType<RequestReply<A>> =>
  REQUESTS[name].reply as unknown as z.ZodType<RequestReply<A>>;
