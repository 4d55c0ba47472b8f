import { z } from 'zod';
import type { Clock } from '../../app/ports/clock';
import type { TicketEvent } from '../../app/matchmaking/ticket-store';
import { TicketCompactor, type Ticket } from '../../domain/pairing';
import type { RedisConnection } from '../connection';
import type { Subscriptions } from '../subscriptions';
import { parseChange, positionOf, type Change, type Position } from './change';
import type { ShardKeys } from './keys';
import { decodeTicket } from './record';
import type { ServerTime } from './server-time';

/** How long after the last change the feed checks whether it missed one (ms). */
const AUDIT_MS = 2_000;
/** How long the result of a call may wait until its change is received here (ms). */
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
  readonly time: ServerTime;
  readonly onError: (error: unknown) => void;
}

/**
 * The waiting tickets of one shard as this process knows them, and its listeners.
 *
 * Changes are published, not stored: a channel without listeners costs Redis nothing, and a feed that missed changes
 * needs the present state rather than everything that happened meanwhile. Each change names the position it follows.
 * Three things show a gap: a change that does not follow the last one received, a lost subscription, or an audit of a
 * quiet channel that finds a newer position. Then the feed subscribes, reads all waiting tickets, notifies listeners of
 * the difference to what they know, and then of the changes published meanwhile. No listener gets a ticket twice, since
 * known tickets are skipped.
 */
export class ShardFeed {
  private readonly known = new Map<string, Ticket>();
  private readonly compactor = new TicketCompactor();
  private readonly listeners = new Set<(event: TicketEvent) => void>();
  private readonly waiters = new Set<{ readonly number: number; readonly done: () => void }>();
  /** Undefined while the waiting tickets are being read. */
  private position: Position | undefined;
  /** Changes received while the waiting tickets are being read. */
  private heard: Change[] = [];
  private heardAt: number;
  private reading = false;
  private missed = false;
  private stopped = false;
  private stopTimer: (() => void) | undefined;
  private readonly stopAudits: () => void;

  constructor(private readonly deps: ShardFeedDeps) {
    this.heardAt = deps.clock.elapsed();
    this.stopAudits = deps.clock.every(AUDIT_MS, () => void this.audit());
  }

  get isUsed(): boolean {
    return this.listeners.size > 0;
  }

  /** Resolves when the waiting tickets are known. Rejects when they cannot be read; it is then not tried again. */
  async start(): Promise<void> {
    while (!this.stopped && !(await this.read()));
  }

  /** Notifies the listener of every waiting ticket, then of each change. */
  listen(listener: (event: TicketEvent) => void): () => void {
    const own = (event: TicketEvent): void => listener(event);
    const waiting = [...this.known.values()].sort((a, b) => a.since - b.since);
    for (const ticket of waiting) own({ kind: 'added', ticket });
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  /** Resolves when this change was received here, or after a time limit. */
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
    this.heardAt = this.deps.clock.elapsed();
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
      if (ticket !== undefined) this.notifyAdded(ticket);
    }
    for (const id of change.gone) this.notifyGone(id);
    for (const waiter of [...this.waiters]) if (waiter.number <= change.after.number) waiter.done();
  }

  /** Undefined for a ticket that cannot be read, for instance one of another version; the others are still offered. */
  private readable(read: () => unknown): Ticket | undefined {
    try {
      return this.compactor.compact(decodeTicket(read(), this.deps.time.offset));
    } catch (error) {
      this.deps.onError(error);
      return undefined;
    }
  }

  private notifyAdded(ticket: Ticket): void {
    if (this.known.has(ticket.id)) return;
    this.known.set(ticket.id, ticket);
    this.notify({ kind: 'added', ticket });
  }

  private notifyGone(id: string): void {
    const ticket = this.known.get(id);
    if (ticket === undefined) return;
    this.known.delete(id);
    this.notify({ kind: 'gone', ticket });
  }

  private notify(event: TicketEvent): void {
    for (const listener of [...this.listeners]) if (this.listeners.has(listener)) listener(event);
  }

  /** Starts to read again. Changes received meanwhile are kept for afterwards. */
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

  /** Reads all waiting tickets. `false` when the changes received meanwhile do not continue them: read again. */
  private async read(): Promise<boolean> {
    this.reading = true;
    this.missed = false;
    this.position = undefined;
    this.heard = [];
    try {
      const { redis, subscriptions, keys, time } = this.deps;
      await time.ready();
      await subscriptions.subscribe(keys.changes, {
        message: (message) => this.hear(message),
        lost: () => this.readAgain(),
      });
      // Read before the tickets, so that every later change is among those received.
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

  /** Notifies listeners of the difference between the known tickets and the waiting ones. */
  private become(waiting: ReadonlyMap<string, Ticket>): void {
    for (const id of [...this.known.keys()]) if (!waiting.has(id)) this.notifyGone(id);
    const added = [...waiting.values()].filter(({ id }) => !this.known.has(id));
    for (const ticket of added.sort((a, b) => a.since - b.since)) this.notifyAdded(ticket);
  }

  /** Continues from here with the changes received meanwhile. `false` when one is missing in between. */
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

  /** Finds a missed change that no later change has revealed. */
  private async audit(): Promise<void> {
    const { redis, clock, keys } = this.deps;
    if (this.position === undefined || clock.elapsed() - this.heardAt < AUDIT_MS) return;
    try {
      const there = positionOf(await redis.answer(redis.client.get(keys.position)));
      if (this.isAt(there)) return;
      await this.reached(there.number);
      // A smaller number than ours means that Redis has lost writes.
      const again = positionOf(await redis.answer(redis.client.get(keys.position)));
      if (!this.isAt(again) && clock.elapsed() - this.heardAt >= CATCH_UP_MS) this.readAgain();
    } catch (error) {
      this.deps.onError(error);
    }
  }

  private isAt(position: Position): boolean {
    return this.stopped || this.position === undefined || this.position.text === position.text;
  }
}
