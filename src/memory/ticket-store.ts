import type { Claim, TicketEvent, TicketStore } from '../app/matchmaking/ticket-store';
import { shardName, shardOf, TicketCompactor, type Ticket } from '../domain/pairing';

type TicketKey = Pick<Ticket, 'id' | 'peerId'>;

/** A follower of a shard. It gets every change with a number above `after`. */
interface Follower {
  readonly listener: (event: TicketEvent) => void;
  readonly after: number;
}

/** One shard: the number of waiting tickets, and its followers. */
interface ShardState {
  readonly name: string;
  waiting: number;
  readonly followers: Set<Follower>;
}

interface Change {
  readonly number: number;
  readonly shard: ShardState;
  readonly event: TicketEvent;
}

/**
 * Waiting tickets of one process. Every method does its work before it returns its promise, so each call is atomic.
 *
 * A ticket has a place: an index into columns of plain numbers. A million waiting peers would otherwise cost a million
 * more small objects, and the search for expired ones would cost as many cache misses.
 */
export class MemoryTicketStore implements TicketStore {
  private readonly places = new Map<string, number>();
  private readonly compactor = new TicketCompactor();
  private readonly tickets: (Ticket | undefined)[] = [];
  private readonly freePlaces: number[] = [];
  private sinceAt = new Float64Array(64);
  private touchedAt = new Float64Array(64);
  private readonly shardStates = new Map<string, ShardState>();
  private readonly shardAt: (ShardState | undefined)[] = [];
  /** Changes that followers have not been notified of yet. */
  private readonly outbox: Change[] = [];
  private changes = 0;
  private notifying = false;
  private closed = false;

  async add(added: Ticket): Promise<boolean> {
    this.assertOpen();
    if (this.places.has(added.peerId)) return false;
    const ticket = this.compactor.compact(added);
    const place = this.freePlaces.pop() ?? this.tickets.length;
    this.reserve(place);
    this.places.set(ticket.peerId, place);
    this.tickets[place] = ticket;
    this.sinceAt[place] = ticket.since;
    // It was not touched yet, and the time when the waiting began says nothing about whether the peer is present now.
    this.touchedAt[place] = Infinity;
    const shard = this.shardState(shardName(shardOf(ticket)));
    this.shardAt[place] = shard;
    shard.waiting++;
    this.notify(shard, { kind: 'added', ticket });
    return true;
  }

  async remove(ticket: TicketKey): Promise<boolean> {
    this.assertOpen();
    const place = this.placeOf(ticket);
    if (place === undefined) return false;
    this.takeOut(place);
    return true;
  }

  async ticketOf(peerId: string): Promise<string | null> {
    this.assertOpen();
    const place = this.places.get(peerId);
    return place === undefined ? null : (this.tickets[place]?.id ?? null);
  }

  async claim(claims: readonly Claim[]): Promise<boolean[]> {
    this.assertOpen();
    return claims.map((claim) => this.claimOne(claim));
  }

  async touch(tickets: readonly TicketKey[], now: number): Promise<string[]> {
    this.assertOpen();
    const gone: string[] = [];
    for (const ticket of tickets) {
      const place = this.placeOf(ticket);
      if (place === undefined) gone.push(ticket.id);
      else this.touchedAt[place] = now;
    }
    return gone;
  }

  async expire(now: number, limits: { staleMs: number; maxAgeMs: number }): Promise<Ticket[]> {
    this.assertOpen();
    const expired: Ticket[] = [];
    for (let place = 0; place < this.tickets.length; place++) {
      if (this.tickets[place] === undefined) continue;
      // A ticket not touched yet counts from the first time that is seen here.
      if (this.touchedAt[place] === Infinity) this.touchedAt[place] = now;
      const stale = now - (this.touchedAt[place] ?? now) > limits.staleMs;
      const tooOld = now - (this.sinceAt[place] ?? now) > limits.maxAgeMs;
      if (!stale && !tooOld) continue;
      const ticket = this.takeOut(place);
      if (ticket !== undefined) expired.push(ticket);
    }
    return expired;
  }

  async shards(): Promise<string[]> {
    this.assertOpen();
    return [...this.shardStates].filter(([, { waiting }]) => waiting > 0).map(([name]) => name);
  }

  async count(shard: string): Promise<number> {
    this.assertOpen();
    return this.shardStates.get(shard)?.waiting ?? 0;
  }

  async follow(shard: string, listener: Follower['listener']): Promise<() => void> {
    this.assertOpen();
    const state = this.shardState(shard);
    // The snapshot has all changes up to now, although other followers may not have been notified of them yet.
    const follower: Follower = { listener, after: this.changes };
    state.followers.add(follower);
    this.inOrder(() => {
      for (const ticket of this.waitingIn(state)) listener({ kind: 'added', ticket });
    });
    return () => {
      state.followers.delete(follower);
      this.dropIfUnused(state);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { followers } of this.shardStates.values()) followers.clear();
    this.outbox.length = 0;
  }

  private claimOne(claim: Claim): boolean {
    const places: number[] = [];
    for (const ticket of claim) {
      const place = this.placeOf(ticket);
      // A ticket named twice is not two peers.
      if (place === undefined || places.includes(place)) return false;
      places.push(place);
    }
    for (const place of places) this.takeOut(place);
    return true;
  }

  /** The place of exactly this ticket; a later ticket of the same peer is another one. */
  private placeOf({ id, peerId }: TicketKey): number | undefined {
    const place = this.places.get(peerId);
    return place !== undefined && this.tickets[place]?.id === id ? place : undefined;
  }

  private takeOut(place: number): Ticket | undefined {
    const ticket = this.tickets[place];
    const shard = this.shardAt[place];
    if (ticket === undefined || shard === undefined) return undefined;
    this.places.delete(ticket.peerId);
    this.tickets[place] = undefined;
    this.shardAt[place] = undefined;
    this.freePlaces.push(place);
    shard.waiting--;
    this.notify(shard, { kind: 'gone', ticket });
    this.dropIfUnused(shard);
    return ticket;
  }

  private waitingIn(shard: ShardState): Ticket[] {
    const waiting = this.tickets.filter((_, place) => this.shardAt[place] === shard);
    return waiting.filter((ticket) => ticket !== undefined).sort((a, b) => a.since - b.since);
  }

  private notify(shard: ShardState, event: TicketEvent): void {
    this.changes++;
    if (shard.followers.size === 0) return;
    this.outbox.push({ number: this.changes, shard, event });
    if (!this.notifying) this.inOrder(() => undefined);
  }

  /** Does `first`, then notifies followers. Changes that a listener itself makes are notified afterwards. */
  private inOrder(first: () => void): void {
    const outermost = !this.notifying;
    this.notifying = true;
    try {
      first();
      if (!outermost) return;
      for (let change = this.outbox.shift(); change !== undefined; change = this.outbox.shift()) {
        for (const { listener, after } of change.shard.followers) {
          if (change.number > after) listener(change.event);
        }
      }
    } finally {
      if (outermost) this.notifying = false;
    }
  }

  private shardState(name: string): ShardState {
    let state = this.shardStates.get(name);
    if (state === undefined) {
      state = { name, waiting: 0, followers: new Set() };
      this.shardStates.set(name, state);
    }
    return state;
  }

  /** Regions come and go; an empty shard without followers is deleted. */
  private dropIfUnused(state: ShardState): void {
    if (state.waiting === 0 && state.followers.size === 0 && this.shardStates.get(state.name) === state) {
      this.shardStates.delete(state.name);
    }
  }

  private reserve(place: number): void {
    if (place < this.sinceAt.length) return;
    this.sinceAt = widened(this.sinceAt);
    this.touchedAt = widened(this.touchedAt);
  }

  private assertOpen(): void {
    if (this.closed) throw new Error('the ticket store is closed');
  }
}

function widened(column: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(column.length * 2);
  wider.set(column);
  return wider;
}
