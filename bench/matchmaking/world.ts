import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Director } from '../../src/app/matchmaking/director';
import { DEFAULT_STEPS, shardName, shardOf, type Ticket } from '../../src/domain/pairing';
import { systemClock } from '../../src/memory/clock';
import { MemoryTicketStore } from '../../src/memory/ticket-store';

/** How many are added before others get their turn on the event loop. */
const BATCH = 200;

/** CPU of this process since then, all threads (µs). */
export function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

export interface Paced {
  readonly arrivals: number;
  /** Arrivals a second that the generator kept up. */
  readonly perSecond: number;
  /** From when a ticket was to arrive until it was matched (ms), so that a late generator counts against us. */
  readonly waits: readonly number[];
  /** CPU an arrival, the generator's own included (µs). */
  readonly cpuEach: number;
  /** Of one core (%). */
  readonly cpu: number;
}

/** The ticket store in memory, and a director for each shard that somebody comes to. */
export class World {
  private readonly store = new MemoryTicketStore();
  private readonly directors = new Map<string, Director>();
  private readonly startedAt = new Map<string, number>();
  private waits: number[] = [];
  private readonly remaining = new Map<string, Ticket>();
  pairs = 0;
  errors = 0;

  /** `keepsTickets`: `waiting` can be asked, which costs memory. */
  constructor(private readonly keepsTickets = false) {}

  /** How many wait. */
  get size(): number {
    return [...this.directors.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Who waits. */
  get waiting(): readonly Ticket[] {
    return [...this.remaining.values()];
  }

  async add(ticket: Ticket): Promise<void> {
    this.directorOf(ticket);
    if (this.keepsTickets) this.remaining.set(ticket.id, ticket);
    await this.store.add(ticket);
  }

  /** Adds them in batches, and waits until everybody has been looked at. */
  async fill(tickets: Iterable<Ticket>): Promise<void> {
    let added = 0;
    for (const ticket of tickets) {
      await this.add(ticket);
      added += 1;
      if (added % BATCH === 0) await turn();
    }
    await this.idle();
  }

  /** Adds them at this rate and waits until everybody has been looked at. */
  async paced(arrivals: readonly Ticket[], perSecond: number): Promise<Paced> {
    globalThis.gc?.();
    await sleep(500);
    this.waits = [];
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (let sent = 0; sent < arrivals.length;) {
      const due = Math.min(arrivals.length, Math.floor(((performance.now() - start) * perSecond) / 1000));
      for (; sent < due; sent++) {
        const arrival = arrivals[sent];
        if (arrival === undefined) break;
        this.startedAt.set(arrival.id, start + (sent * 1000) / perSecond);
        await this.add({ ...arrival, since: systemClock.elapsed() });
      }
      await sleep(1);
    }
    const elapsed = performance.now() - start;
    await this.idle();
    const used = cpuSince(cpu);
    return {
      arrivals: arrivals.length,
      perSecond: (arrivals.length / elapsed) * 1000,
      waits: this.waits,
      cpuEach: used / arrivals.length,
      cpu: used / 10 / (performance.now() - start),
    };
  }

  /** Waits until everything that was added has been looked at. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await turn();
      const isIdle = [...this.directors.values()].every(({ backlog }) => backlog === 0);
      quiet = isIdle ? quiet + 1 : 0;
    }
  }

  async close(): Promise<void> {
    for (const director of this.directors.values()) await director.close();
    await this.store.close();
    if (this.errors > 0) throw new Error(`${this.errors} errors`);
  }

  private directorOf(ticket: Ticket): Director {
    const shard = shardName(shardOf(ticket));
    const known = this.directors.get(shard);
    if (known !== undefined) return known;
    const made = new Director(shard, {
      store: this.store,
      clock: systemClock,
      steps: DEFAULT_STEPS,
      matched: (tickets) => this.matched(tickets),
      stepReached: () => undefined,
      onError: (error) => {
        this.errors++;
        console.log(String(error));
      },
    });
    this.directors.set(shard, made);
    return made;
  }

  private matched(tickets: readonly Ticket[]): void {
    this.pairs++;
    for (const { id } of tickets) {
      this.remaining.delete(id);
      const startedAt = this.startedAt.get(id);
      if (startedAt === undefined) continue;
      this.startedAt.delete(id);
      this.waits.push(performance.now() - startedAt);
    }
  }
}
