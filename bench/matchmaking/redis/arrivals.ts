import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { TicketCompactor, type Ticket } from '../../../src/domain/pairing';
import { cpuOf } from '../../support/process-figures';
import { quantile } from '../../support/quantile';
import type { AlikePopulation } from '../population';
import { systemClock } from '../../../src/memory/clock';

/** Men who want to meet women, and women who want to meet men, so that no two men and no two women may meet. */
export function arrivals(people: AlikePopulation, count: number, region: string): Ticket[] {
  // Their texts are joined beforehand: making them is not what is measured.
  const compactor = new TicketCompactor();
  return Array.from({ length: count }, (_, index) => {
    const isMan = index % 2 === 0;
    return compactor.compact({
      ...people.ticket(systemClock.elapsed(), isMan ? 'male' : 'female', [isMan ? 'female' : 'male']),
      // Wishes that each pair fulfils: what is measured is the way through Redis.
      wantedAgeBands: [],
      avoidCountries: [],
      region,
    });
  });
}

/** What a way of matching has to be able to do to be measured. */
export interface Matchmaker {
  /** Asks that may be on their way at a time where it is as many as can be. */
  readonly mostAtOnce: number;
  /**
   * Whose wait counts: women's, with more men waiting than there are women, or where nobody can be made to wait
   * beforehand, that of whoever came second of a pair. Either way a partner was waiting.
   */
  readonly counts: 'women' | 'second';
  /** Resolves when the person is queued. */
  add(ticket: Ticket): Promise<void>;
  /** Told once for each pair. */
  onPair: (ticketIds: readonly string[]) => void;
  close(): Promise<void>;
}

export interface Figures {
  readonly matched: number;
  readonly perSecond: number;
  /** How many waits were counted. */
  readonly waits: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
  /** CPU of this process, all threads, the load that it makes itself included (µs). */
  readonly cpu: number;
  /** CPU of Redis meanwhile, whoever asked for it (µs). */
  readonly redisCpu: number;
  readonly left: number;
  readonly twice: number;
}

/** Follows tickets from their arrival to their match, and sees whether any is matched twice. */
class Watch {
  private readonly startedAt = new Map<string, number>();
  private readonly matchedIds = new Set<string>();
  readonly waits: number[] = [];
  twice = 0;
  lastAt = 0;

  constructor(
    private readonly women: ReadonlySet<string>,
    private readonly counts: Matchmaker['counts'],
  ) {}

  get matched(): number {
    return this.matchedIds.size;
  }

  started(id: string, time: number): void {
    this.startedAt.set(id, time);
  }

  pair(ids: readonly string[]): void {
    this.lastAt = performance.now();
    let second = -Infinity;
    for (const id of ids) {
      if (this.matchedIds.has(id)) this.twice++;
      this.matchedIds.add(id);
      const startedAt = this.startedAt.get(id);
      if (startedAt === undefined) continue;
      second = Math.max(second, startedAt);
      if (this.counts === 'women' && this.women.has(id)) this.waits.push(this.lastAt - startedAt);
    }
    if (this.counts === 'second' && second > -Infinity) this.waits.push(this.lastAt - second);
  }
}

export interface TokenBucket {
  /** Null: as fast as it goes. */
  readonly perSecond: number | null;
  readonly redisPid: number;
}

/**
 * Adds the tickets at this rate (a second), or as fast as it goes, and waits for their matches. Waits are counted
 * from when a ticket was to arrive, so that a late generator counts against what is measured. Before that the same is
 * done with other tickets, for the engine to have compiled what it will.
 */
export async function measure(
  matchmaker: Matchmaker,
  waiting: readonly Ticket[],
  warmUp: readonly Ticket[],
  tickets: readonly Ticket[],
  { perSecond, redisPid }: TokenBucket,
): Promise<Figures> {
  for (let first = 0; first < waiting.length; first += 500) {
    await Promise.all(waiting.slice(first, first + 500).map((ticket) => matchmaker.add(arriving(ticket))));
    await turn();
  }
  await run(matchmaker, warmUp, { perSecond, redisPid });
  globalThis.gc?.();
  const figures = await run(matchmaker, tickets, { perSecond, redisPid });
  return { ...figures, left: figures.left + waiting.length };
}

async function run(
  matchmaker: Matchmaker,
  tickets: readonly Ticket[],
  { perSecond, redisPid }: TokenBucket,
): Promise<Figures> {
  const women = new Set(tickets.filter(({ gender }) => gender === 'female').map(({ id }) => id));
  const watch = new Watch(women, matchmaker.counts);
  matchmaker.onPair = (ids) => watch.pair(ids);
  const [cpu, redisCpu] = [cpuOf(process.pid), cpuOf(redisPid)];
  const start = performance.now();
  await (perSecond === null
    ? flatOut(matchmaker, tickets, watch)
    : paced(matchmaker, tickets, watch, perSecond));
  await quiet(watch);
  return {
    matched: watch.matched,
    perSecond: (watch.matched / (watch.lastAt - start)) * 1000,
    waits: watch.waits.length,
    p50: quantile(watch.waits, 0.5),
    p90: quantile(watch.waits, 0.9),
    p99: quantile(watch.waits, 0.99),
    most: quantile(watch.waits, 1),
    cpu: cpuOf(process.pid) - cpu,
    redisCpu: cpuOf(redisPid) - redisCpu,
    left: tickets.length - watch.matched,
    twice: watch.twice,
  };
}

/** Men have waited for so long that they may meet anyone they want: every woman then has a compatible partner. */
const MEN_WAIT_MS = 700_000;

const arriving = (ticket: Ticket): Ticket => ({
  ...ticket,
  since: ticket.gender === 'male' ? systemClock.elapsed() - MEN_WAIT_MS : systemClock.elapsed(),
});

async function flatOut(matchmaker: Matchmaker, tickets: readonly Ticket[], watch: Watch): Promise<void> {
  let next = 0;
  const add = async (): Promise<void> => {
    for (let ticket = tickets[next++]; ticket !== undefined; ticket = tickets[next++]) {
      watch.started(ticket.id, performance.now());
      await matchmaker.add(arriving(ticket));
    }
  };
  await Promise.all(Array.from({ length: matchmaker.mostAtOnce }, add));
}

async function paced(
  matchmaker: Matchmaker,
  tickets: readonly Ticket[],
  watch: Watch,
  perSecond: number,
): Promise<void> {
  const start = performance.now();
  const adding: Promise<void>[] = [];
  for (let sent = 0; sent < tickets.length;) {
    const due = Math.min(tickets.length, Math.floor(((performance.now() - start) * perSecond) / 1000));
    for (; sent < due; sent++) {
      const ticket = tickets[sent];
      if (ticket === undefined) break;
      watch.started(ticket.id, start + (sent * 1000) / perSecond);
      adding.push(matchmaker.add(arriving(ticket)));
    }
    await sleep(1);
  }
  await Promise.all(adding);
}

/** Until nothing has been matched for a while. */
async function quiet(watch: Watch): Promise<void> {
  for (let matched = -1; matched !== watch.matched;) {
    matched = watch.matched;
    await sleep(400);
  }
}
