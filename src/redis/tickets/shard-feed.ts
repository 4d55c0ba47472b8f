import { z } from 'zod';
import type { Clock } from '../../app/ports/clock';
import type { TicketEvent } from '../../app/matchmaking/ticket-store';
import { TicketCompactor, type Ticket } from '../../domain/pairing';
import type { RedisConnection } from '../connection';
import type { Subscriptions } from '../subscriptions';
import { parseChange, positionOf, type Change, type Position } from './change';
import type { ShardKeys } from './keys';
import { decodeTicket } from './record';

/** How long after the last change it is asked whether one was missed (ms). */
const AUDIT_MS = 2_000;
/** How long an answer may wait for the change it made to be heard here (ms). */
const CATCH_UP_MS = 500;
const SCAN_COUNT = 1_000;
const FIRST_RETRY_MS = 25;
const MOST_RETRY_MS = 1_000;

const scanSchema = z.tuple([z.string(), z.array(z.string())]);

export interface ShardFeedDeps {
  readonly redis: RedisConnection;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly keys: ShardKeys;
  readonly onError: (error: unknown) => void;
}

/**
 * What waits in one shard, as this process has heard it, and who listens.
 *
 * Changes are published, not kept: a channel costs Redis nothing where nobody listens, and whoever missed something
 * needs what is there now rather than all that happened meanwhile. Each change names the position it follows. One
 * that does not follow the last one heard, a lost subscription, or an audit of a quiet channel that finds it behind,
 * lead to the same thing: subscribe, read everything that waits, tell listeners the difference to what they were
 * told, and then what was published meanwhile. Being told of a ticket twice is impossible, since it is known.
 */
export class ShardFeed {
  private readonly known = new Map<string, Ticket>();
  private readonly compactor = new TicketCompactor();
  private readonly listeners = new Set<(event: TicketEvent) => void>();
  private readonly waiters = new Set<{ readonly number: number; readonly done: () => void }>();
  /** Undefined while what waits is being read. */
  private position: Position | undefined;
  /** Changes heard while what waits is being read. */
  private heard: Change[] = [];
  private heardAt: number;
  private reading = false;
  private missed = false;
  private stopped = false;
  private stopTimer: (() => void) | undefined;
  private readonly stopAudits: () => void;

  constructor(private readonly deps: ShardFeedDeps) {
    this.heardAt = deps.clock.now();
    this.stopAudits = deps.clock.every(AUDIT_MS, () => void this.audit());
  }

  get isUsed(): boolean {
    return this.listeners.size > 0;
  }

  /** Resolves when what waits is known; rejects when it cannot be read, and is then not tried again. */
  async start(): Promise<void> {
    while (!this.stopped && !(await this.read()));
  }

  /** Tells of everything that waits, then of each change. */
  listen(listener: (event: TicketEvent) => void): () => void {
    const own = (event: TicketEvent): void => listener(event);
    const waiting = [...this.known.values()].sort((a, b) => a.since - b.since);
    for (const ticket of waiting) own({ kind: 'added', ticket });
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  /** Resolves when this change was heard here, or could not be for a while. */
  reached(number: number): Promise<void> {
    if (this.stopped || (this.position !== undefined && this.position.number >= number))
      return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { number, done: () => finish() };
      const forget = this.deps.clock.after(CATCH_UP_MS, () => finish());
      const finish = (): void => {
        forget();
        this.waiters.delete(waiter);
        resolve();
      };
      this.waiters.add(waiter);
    });
  }

  stop(): void {
    this.stopped = true;
    this.stopAudits();
    this.stopTimer?.();
    this.listeners.clear();
    for (const { done } of [...this.waiters]) done();
    this.known.clear();
    this.deps.subscriptions.unsubscribe(this.deps.keys.changes);
  }

  private hear(message: string): void {
    if (this.stopped) return;
    this.heardAt = this.deps.clock.now();
    try {
      const change = parseChange(message);
      if (this.position === undefined) this.heard.push(change);
      else if (change.before === this.position.text) this.apply(change);
      else this.readAgain();
    } catch (error) {
      this.deps.onError(error);
      this.readAgain();
    }
  }

  private apply(change: Change): void {
    this.position = change.after;
    for (const value of change.added) {
      const ticket = this.readable(() => value);
      if (ticket !== undefined) this.tellAdded(ticket);
    }
    for (const id of change.gone) this.tellGone(id);
    for (const waiter of [...this.waiters]) if (waiter.number <= change.after.number) waiter.done();
  }

  /** A ticket that another version wrote so that it cannot be read is not offered; the others are. */
  private readable(read: () => unknown): Ticket | undefined {
    try {
      return this.compactor.compact(decodeTicket(read()));
    } catch (error) {
      this.deps.onError(error);
      return undefined;
    }
  }

  private tellAdded(ticket: Ticket): void {
    if (this.known.has(ticket.id)) return;
    this.known.set(ticket.id, ticket);
    this.tell({ kind: 'added', ticket });
  }

  private tellGone(id: string): void {
    const ticket = this.known.get(id);
    if (ticket === undefined) return;
    this.known.delete(id);
    this.tell({ kind: 'gone', ticket });
  }

  private tell(event: TicketEvent): void {
    for (const listener of [...this.listeners]) if (this.listeners.has(listener)) listener(event);
  }

  /** Begins to read again; what is heard meanwhile is kept for afterwards. */
  private readAgain(): void {
    if (this.stopped) return;
    this.position = undefined;
    this.missed = true;
    if (!this.reading && this.stopTimer === undefined) void this.keepReading();
  }

  private async keepReading(): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; !this.stopped; waitMs = Math.min(MOST_RETRY_MS, waitMs * 2)) {
      try {
        if (await this.read()) return;
      } catch (error) {
        this.deps.onError(error);
      }
      await this.pause(waitMs);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.deps.clock.after(ms, () => done());
      const done = (): void => {
        stop();
        this.stopTimer = undefined;
        resolve();
      };
      this.stopTimer = done;
    });
  }

  /** Reads what waits. Answers whether the changes heard meanwhile continue what was read; if not, once more. */
  private async read(): Promise<boolean> {
    this.reading = true;
    this.missed = false;
    this.position = undefined;
    this.heard = [];
    try {
      const { redis, subscriptions, keys } = this.deps;
      await subscriptions.subscribe(keys.changes, {
        message: (message) => this.hear(message),
        lost: () => this.readAgain(),
      });
      // Read before the tickets: all that changes after it is in what is heard.
      const position = positionOf(await redis.answer(redis.client.get(keys.position)));
      const waiting = await this.scan();
      if (this.stopped) return true;
      if (this.missed) return false;
      this.become(waiting);
      return this.follow(position);
    } finally {
      this.reading = false;
    }
  }

  private async scan(): Promise<Map<string, Ticket>> {
    const { redis, keys } = this.deps;
    const waiting = new Map<string, Ticket>();
    let cursor = '0';
    do {
      const reply = await redis.answer(redis.client.hscan(keys.tickets, cursor, 'COUNT', SCAN_COUNT));
      const [next, found] = scanSchema.parse(reply);
      for (let at = 1; at < found.length; at += 2) {
        const ticket = this.readable(() => JSON.parse(found[at] ?? ''));
        if (ticket !== undefined) waiting.set(ticket.id, ticket);
      }
      cursor = next;
    } while (cursor !== '0');
    return waiting;
  }

  /** Tells the difference between what was told and what waits. */
  private become(waiting: ReadonlyMap<string, Ticket>): void {
    for (const id of [...this.known.keys()]) if (!waiting.has(id)) this.tellGone(id);
    const added = [...waiting.values()].filter(({ id }) => !this.known.has(id));
    for (const ticket of added.sort((a, b) => a.since - b.since)) this.tellAdded(ticket);
  }

  /** Goes on from here with what was heard. `false` when something is missing in between. */
  private follow(position: Position): boolean {
    const heard = this.heard;
    this.heard = [];
    this.position = position;
    for (const change of heard) {
      if (change.after.number <= position.number) continue;
      if (change.before !== this.position.text) {
        this.position = undefined;
        return false;
      }
      this.apply(change);
    }
    for (const waiter of [...this.waiters]) if (waiter.number <= this.position.number) waiter.done();
    return true;
  }

  /** A change that nobody heard, with none after it, would stay unheard. */
  private async audit(): Promise<void> {
    const { redis, clock, keys } = this.deps;
    if (this.position === undefined || clock.now() - this.heardAt < AUDIT_MS) return;
    try {
      const there = positionOf(await redis.answer(redis.client.get(keys.position)));
      if (this.isAt(there)) return;
      await this.reached(there.number);
      // A smaller number than ours is never reached: Redis has lost what it had.
      const again = positionOf(await redis.answer(redis.client.get(keys.position)));
      if (!this.isAt(again) && clock.now() - this.heardAt >= CATCH_UP_MS) this.readAgain();
    } catch (error) {
      this.deps.onError(error);
    }
  }

  private isAt(position: Position): boolean {
    return this.stopped || this.position === undefined || this.position.text === position.text;
  }
}
