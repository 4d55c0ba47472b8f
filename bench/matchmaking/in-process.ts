/** Matchmaking in one process: the director over the ticket store in memory. See the header that it prints. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Ticket } from '../../src/domain/pairing';
import { figureText } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import { seeded } from '../support/random';
import { MixedPopulation } from './mixed-population';
import { NaiveQueue } from './naive-queue';
import { AlikePopulation } from './population';
import { varietyOf } from './variety';
import { cpuSince, World, type Paced } from './world';
import { systemClock } from '../../src/memory/clock';

/** People who wait in section 1; the other sections are scaled with them. */
const WAITING = Number(process.argv[2] ?? 1_000_000);
const ARRIVALS_A_SECOND = Number(process.argv[3] ?? 20_000);
const SECONDS = 10;
const FLAT_OUT = Math.max(2_000, Math.floor(WAITING * 0.15));
const MIXED = Math.max(2_000, Math.floor(WAITING * 0.2));
const SCANNED = Math.max(1_000, Math.floor(WAITING * 0.1));
const SHOWN = 20_000;
/** Chunks in which the array scan and the director take turns. */
const TURNS = 10;
const LONG_AGO_MS = 700_000;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const print = (line: string) => console.log(line);

const HEADER: Header = {
  title: `matchmaking in process: ${WAITING} waiting, ${ARRIVALS_A_SECOND} arrivals a second`,
  measures:
    'memory of waiting tickets, waits until a match, CPU; people who are alike, and a mixed population',
  from: 'the moment a ticket was to arrive (a late generator counts against us)',
  to: "the director's news of the match, its claim won",
  order: 'block after block; the array scan and the director (section 5) take turns in chunks',
  together:
    'the generator, the ticket store and the directors are one process, and the CPU is of all of them',
  doesNotShow:
    'sockets, Redis, several nodes; a mixed arrival often waits because nobody who is there suits them, which is no slowness',
};

/** Men, and some who do not say what they are, who all want to meet women: no two of them may meet. */
function waitingMan(people: AlikePopulation, index: number, justCame = index % 10 === 0): Ticket {
  const now = systemClock.elapsed();
  // One in ten has just come and passes through the steps meanwhile; the others have waited for minutes.
  const since = justCame ? now : now - LONG_AGO_MS + Math.floor((600_000 * index) / WAITING);
  return people.ticket(
    since,
    index % 8 === 0 ? null : 'male',
    index % 5 === 0 ? ['female', 'other'] : ['female'],
  );
}

const arrivingWoman = (people: AlikePopulation): Ticket =>
  people.ticket(systemClock.elapsed(), 'female', people.below(2) ? ['male'] : []);

function* several(count: number, make: (index: number) => Ticket): Generator<Ticket> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

function printPaced({ arrivals, perSecond, waits, cpuEach, cpu }: Paced): void {
  const soon = waits.filter((ms) => ms < 1_000).length;
  print(
    `  arrivals ${arrivals}, kept ${perSecond.toFixed(0)}/s; ${((100 * waits.length) / arrivals).toFixed(0)} % of them matched while it lasted, ${((100 * soon) / arrivals).toFixed(0)} % within a second`,
  );
  print(`  arrival → matched, of those: ${figureText(waits, 'ms', 1)}`);
  print(`  CPU of all threads: ${cpuEach.toFixed(1)} µs an arrival, ${cpu.toFixed(0)} % of one core`);
}

async function fullHouse(people: AlikePopulation): Promise<void> {
  print(
    `\n1. alike: ${WAITING} waiting (men who want women: none may meet another), then ${ARRIVALS_A_SECOND} women a second`,
  );
  const before = process.memoryUsage().rss;
  const world = new World();
  const start = performance.now();
  await world.fill(several(WAITING, (index) => waitingMan(people, index)));
  const seconds = (performance.now() - start) / 1000;
  const after = process.memoryUsage().rss;
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  print(`  filled in ${seconds.toFixed(1)} s (making the tickets included), ${world.size} wait`);
  print(
    `  RSS ${megabytes(before)} → ${megabytes(after)}; after a full collection ${megabytes(rss)} (heap ${megabytes(heapUsed)}, arrays ${megabytes(arrayBuffers)})`,
  );
  const arrivals = Array.from({ length: ARRIVALS_A_SECOND * SECONDS }, () => arrivingWoman(people));
  printPaced(await world.paced(arrivals, ARRIVALS_A_SECOND));
  await world.close();
}

/** Everybody at once into an empty pool, as fast as it goes. */
async function flatOut(arrivals: readonly Ticket[]): Promise<void> {
  const world = new World();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const [index, arrival] of arrivals.entries()) {
    void world.add(arrival);
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

const alikeArrival =
  (people: AlikePopulation) =>
  (_: unknown, index: number): Ticket =>
    people.ticket(
      systemClock.elapsed(),
      index % 3 === 0 ? 'female' : 'male',
      index % 2 ? [] : [index % 3 === 0 ? 'male' : 'female'],
    );

/** A mixed crowd has come and met whom it may; who is left waits, and others keep coming. */
async function mixedHouse(people: MixedPopulation): Promise<void> {
  print(
    `\n4. mixed: ${MIXED} people have come and long waited, whoever may meet has met; then ${ARRIVALS_A_SECOND} a second`,
  );
  const world = new World();
  await world.fill(several(MIXED, () => people.ticket(systemClock.elapsed() - LONG_AGO_MS)));
  print(`  ${world.size} of them are left: nobody of these may meet another`);
  const arrivals = Array.from({ length: ARRIVALS_A_SECOND * SECONDS }, () =>
    people.ticket(systemClock.elapsed()),
  );
  printPaced(await world.paced(arrivals, ARRIVALS_A_SECOND));
  await world.close();
}

/** CPU an arrival takes on average (µs), the two in turns. */
async function besideScan(
  what: string,
  world: World,
  naive: NaiveQueue,
  arrivals: readonly Ticket[],
): Promise<void> {
  const each = Math.ceil(arrivals.length / TURNS);
  let [scanned, indexed] = [0, 0];
  for (let first = 0; first < arrivals.length; first += each) {
    const chunk = arrivals.slice(first, first + each);
    let start = process.cpuUsage();
    for (const arrival of chunk) naive.arrive(arrival);
    scanned += cpuSince(start);
    start = process.cpuUsage();
    for (const arrival of chunk) await world.add({ ...arrival });
    await world.idle();
    indexed += cpuSince(start);
  }
  const [scan, index] = [scanned / arrivals.length, indexed / arrivals.length];
  print(
    `  ${what}: array scan ${scan.toFixed(0)} µs of CPU, here ${index.toFixed(0)} µs an arrival (n ${arrivals.length}): ratio here/scan ${(index / scan).toFixed(3)}`,
  );
}

async function compareAlike(people: AlikePopulation): Promise<void> {
  const world = new World();
  const naive = new NaiveQueue();
  const men = Array.from({ length: SCANNED }, (_, index) => waitingMan(people, index, false));
  for (const man of men) naive.add(man);
  await world.fill(men);
  const women = Array.from({ length: SCANNED / 10 }, () => arrivingWoman(people));
  await besideScan(`alike, ${SCANNED} waiting, somebody there for each`, world, naive, women);
  const more = Array.from({ length: 50 }, () => waitingMan(people, 1));
  await besideScan('alike, nobody there for anyone', world, naive, more);
  await world.close();
}

async function compareMixed(people: MixedPopulation): Promise<void> {
  const world = new World(true);
  const naive = new NaiveQueue();
  await world.fill(several(SCANNED, () => people.ticket(systemClock.elapsed() - LONG_AGO_MS)));
  const { waiting } = world;
  for (const ticket of waiting) naive.add(ticket);
  const arrivals = Array.from({ length: SCANNED / 10 }, () => people.ticket(systemClock.elapsed()));
  await besideScan(`mixed, ${waiting.length} waiting`, world, naive, arrivals);
  await world.close();
}

async function main(): Promise<void> {
  const random = seeded(7);
  const alike = new AlikePopulation(random);
  const mixed = new MixedPopulation(random);
  await underHeader(HEADER, async () => {
    const shown = Array.from({ length: SHOWN }, () => mixed.ticket(systemClock.elapsed()));
    print(`\nthe mixed population, of ${SHOWN} people drawn (shares are assumed, see mixed-population.ts):`);
    for (const line of varietyOf(shown, (limit) => mixed.below(limit))) print(`  ${line}`);
    await fullHouse(alike);
    globalThis.gc?.();
    print('\n2. alike, flat out: men and women, half of whom want the other gender, into an empty pool');
    await flatOut(Array.from({ length: FLAT_OUT }, alikeArrival(alike)));
    globalThis.gc?.();
    print('\n3. mixed, flat out, into an empty pool; whom nobody suits yet waits');
    await flatOut(Array.from({ length: FLAT_OUT }, () => mixed.ticket(systemClock.elapsed())));
    globalThis.gc?.();
    await mixedHouse(mixed);
    globalThis.gc?.();
    print('\n5. beside a queue in an array for each mode, the first allowed one taken, in turns');
    await compareAlike(alike);
    await compareMixed(mixed);
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
