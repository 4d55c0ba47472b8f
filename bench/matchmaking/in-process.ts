import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Director } from '../../src/app/matchmaking/director';
import { DEFAULT_STEPS, type Ticket } from '../../src/domain/pairing';
import { MemoryTicketStore } from '../../src/memory/ticket-store';
import { systemClock } from '../../src/memory/clock';
import { NaiveQueue } from './naive-queue';
import { LiveStats, seeded } from './population';

const SHARD = 'video.local.standard';
const WAITING = Number(process.argv[2] ?? 1_000_000);
const ARRIVALS_A_SECOND = Number(process.argv[3] ?? 20_000);
const SECONDS = 10;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const print = (line: string) => console.log(line);

class World {
  readonly store = new MemoryTicketStore();
  readonly startedAt = new Map<string, number>();
  readonly decisions: number[] = [];
  pairs = 0;
  errors = 0;
  readonly director = new Director(SHARD, {
    store: this.store,
    clock: systemClock,
    steps: DEFAULT_STEPS,
    matched: (tickets) => this.matched(tickets),
    stepReached: () => undefined,
    onError: (error) => {
      this.errors++;
      print(String(error));
    },
  });

  /** Waits until everything that was added has been looked at. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await turn();
      quiet = this.director.backlog === 0 ? quiet + 1 : 0;
    }
  }

  async close(): Promise<void> {
    await this.director.close();
    await this.store.close();
  }

  private matched(tickets: readonly Ticket[]): void {
    this.pairs++;
    for (const { id } of tickets) {
      const startedAt = this.startedAt.get(id);
      if (startedAt === undefined) continue;
      this.startedAt.delete(id);
      this.decisions.push(performance.now() - startedAt);
    }
  }
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(2);
}

/** Men, and some who do not say what they are, who all want to meet women: no two of them may meet. */
function waitingMan(people: LiveStats, index: number, justCame = index % 10 === 0): Ticket {
  const now = Date.now();
  // One in ten has just come and passes through the steps meanwhile; the others have waited for minutes.
  const since = justCame ? now : now - 700_000 + Math.floor((600_000 * index) / WAITING);
  return people.ticket(
    since,
    index % 8 === 0 ? null : 'male',
    index % 5 === 0 ? ['female', 'other'] : ['female'],
  );
}

const arrivingWoman = (people: LiveStats): Ticket =>
  people.ticket(Date.now(), 'female', people.below(2) ? ['male'] : []);

async function fill(world: World, people: LiveStats, count: number): Promise<void> {
  for (let added = 0; added < count;) {
    for (let batch = 0; batch < 200 && added < count; batch++, added++) {
      await world.store.add(waitingMan(people, added));
    }
    await turn();
  }
  await world.idle();
}

async function paced(world: World, people: LiveStats): Promise<void> {
  const total = ARRIVALS_A_SECOND * SECONDS;
  const arrivals = Array.from({ length: total }, () => arrivingWoman(people));
  globalThis.gc?.();
  await sleep(500);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * ARRIVALS_A_SECOND) / 1000));
    for (; sent < due; sent++) {
      const arrival = arrivals[sent];
      if (arrival === undefined) break;
      // From the time at which it was to arrive, so that a late generator counts against us.
      world.startedAt.set(arrival.id, start + (sent * 1000) / ARRIVALS_A_SECOND);
      await world.store.add({ ...arrival, since: Date.now() });
    }
    await sleep(1);
  }
  const elapsed = performance.now() - start;
  await world.idle();
  const used = cpuSince(cpu);
  const untilDone = performance.now() - start;
  const sorted = world.decisions.sort((a, b) => a - b);
  print(
    `  arrivals ${total}, kept ${((total / elapsed) * 1000).toFixed(0)}/s, matched ${sorted.length}, left waiting ${world.startedAt.size}`,
  );
  print(
    `  arrival → matched: p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms, max ${percentile(sorted, 1)} ms`,
  );
  print(
    `  CPU of all threads: ${(used / total).toFixed(1)} µs an arrival, ${(used / 10 / untilDone).toFixed(0)} % of one core`,
  );
}

const cpuSince = (start: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(start);
  return user + system;
};

async function flatOut(people: LiveStats): Promise<void> {
  const world = new World();
  const arrivals = Array.from({ length: 150_000 }, (_, index) =>
    people.ticket(
      Date.now(),
      index % 3 === 0 ? 'female' : 'male',
      index % 2 ? [] : [index % 3 === 0 ? 'male' : 'female'],
    ),
  );
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const [index, arrival] of arrivals.entries()) {
    void world.store.add(arrival);
    if (index % 128 === 127) await turn();
  }
  await world.idle();
  const perSecond = (world.pairs / (performance.now() - start)) * 1000;
  const each = cpuSince(cpu) / arrivals.length;
  print(
    `  ${world.pairs} pairs of ${arrivals.length} people: ${perSecond.toFixed(0)} pairs/s, CPU ${each.toFixed(1)} µs a person`,
  );
  await world.close();
}

/** CPU an arrival takes on average at 100,000 waiting, with and without somebody there for them. */
async function compare(people: LiveStats): Promise<void> {
  const waiting = 100_000;
  const world = new World();
  const naive = new NaiveQueue();
  const men = Array.from({ length: waiting }, (_, index) => waitingMan(people, index, false));
  for (const man of men) naive.waiting.push(man);
  for (const [index, man] of men.entries()) {
    await world.store.add(man);
    if (index % 200 === 0) await turn();
  }
  await world.idle();
  for (const [words, count, arrive] of [
    ['somebody there', 10_000, () => arrivingWoman(people)],
    ['nobody there  ', 50, () => waitingMan(people, 1)],
  ] as const) {
    const arrivals = Array.from({ length: count }, arrive);
    let start = process.cpuUsage();
    for (const arrival of arrivals) naive.arrive(arrival);
    const scanned = cpuSince(start) / count;
    start = process.cpuUsage();
    for (const arrival of arrivals) await world.store.add({ ...arrival });
    await world.idle();
    const indexed = cpuSince(start) / count;
    print(
      `  ${words}: array scan ${scanned.toFixed(0)} µs of CPU, here ${indexed.toFixed(0)} µs an arrival: ratio ${(scanned / indexed).toFixed(1)}`,
    );
  }
  await world.close();
}

async function fullHouse(people: LiveStats): Promise<void> {
  print(
    `1. ${WAITING} waiting (men who want women: none may meet another), then ${ARRIVALS_A_SECOND} women a second`,
  );
  const before = process.memoryUsage().rss;
  const world = new World();
  const start = performance.now();
  await fill(world, people, WAITING);
  const seconds = (performance.now() - start) / 1000;
  const after = process.memoryUsage().rss;
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  print(`  filled in ${seconds.toFixed(1)} s (making the tickets included), ${world.director.size} wait`);
  print(
    `  RSS ${megabytes(before)} → ${megabytes(after)}; after a full collection ${megabytes(rss)} (heap ${megabytes(heapUsed)}, arrays ${megabytes(arrayBuffers)})`,
  );
  await paced(world, people);
  await world.close();
  if (world.errors > 0) throw new Error(`${world.errors} errors`);
}

async function main(): Promise<void> {
  const people = new LiveStats(seeded(7));
  await fullHouse(people);
  globalThis.gc?.();
  print('2. flat out, small pool, mixed wishes');
  await flatOut(people);
  globalThis.gc?.();
  print('3. against a queue in an array, first match taken, 100,000 waiting');
  await compare(people);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
