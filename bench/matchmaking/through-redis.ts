/** Tickets matched through Redis, beside two other ways. Arguments: nodes, tickets a second, seconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisServer } from '../../test/support/redis-server';
import { Child, endWithBench } from '../support/children';
import { highText, P99_FROM } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import { newerNode, peerFolder } from '../support/peers';
import type { Figures } from './redis/arrivals';
import { beNode, type Task, type Way } from './redis/node';

const NODES = Number(process.argv[2] ?? 2);
const A_SECOND = Number(process.argv[3] ?? 20_000);
const SECONDS = Number(process.argv[4] ?? 6);
const WAITING = 4_000;
/** Tickets for Colyseus as fast as it goes: it is far slower. */
const FEW = 3_000;
/** What one measurement may take beyond the time its tickets come in; warming up takes half of that again. */
const PATIENCE_MS = 30_000;
/** How often Colyseus is given a rate half as high when it does not keep up. */
const HALVINGS = 4;

const print = (line: string): void => console.log(line);

const HEADER: Header = {
  title: `matchmaking through Redis: ${NODES} nodes (processes), ${A_SECOND} tickets a second for ${SECONDS} s`,
  measures:
    'tickets a second, waits and CPU of the store and the claim, with people who are alike (each pair may meet); beside them LPUSH/BRPOP by gender, and Colyseus',
  from: 'the moment a ticket was to arrive, a partner waiting for it',
  to: 'the news of the match at the node that made it',
  order: 'block after block: each way by itself for some seconds, since two at once would share Redis',
  together:
    "Redis, all nodes and the load (made in the nodes' own processes) on this machine; the load's own CPU is measured beforehand and taken off in the ratios",
  doesNotShow:
    'calls over two nodes (each node has a region and a director of its own), sockets, a mixed population, a network between nodes and Redis',
};

interface Colyseus {
  readonly folder: string;
  readonly execPath: string;
}

interface Load {
  readonly perSecond: number | null;
  readonly count: number;
}

interface Result {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Whether there were enough waits at every node for a 99th percentile. */
  readonly isEnough: boolean;
  readonly nodeCpu: number;
  readonly redisCpu: number;
}

/** It does not keep up with what it was given. */
class GivenUp extends Error {}

const NODE_FLAGS = ['--expose-gc', '--max-old-space-size=3072', '--no-warnings'];

async function figuresOf(
  server: RedisServer,
  way: Way,
  load: Load,
  colyseus: Colyseus | null,
): Promise<Figures[]> {
  await server.ask((redis) => redis.flushall());
  const options = { execArgv: NODE_FLAGS, ...(way === 'colyseus' && colyseus !== null ? colyseus : {}) };
  const nodes = Array.from({ length: NODES }, () => Child.start(__filename, 'node', options));
  const each = Math.floor(load.count / NODES / 2) * 2;
  try {
    const tasks = nodes.map((node, index) =>
      node.ask<string>({
        ...{ way, url: server.url, redisPid: server.pid ?? NaN, node: index, count: each },
        // Men who wait beforehand would be put together by Colyseus, which cannot be told that they may not be.
        waiting: way === 'passerby' || way === 'lists' ? WAITING : 0,
        perSecond: load.perSecond === null ? null : load.perSecond / NODES,
        folder: colyseus?.folder ?? '',
      } satisfies Task),
    );
    await Promise.all(tasks);
    const ms = (way === 'colyseus' ? 1 : 3) * (PATIENCE_MS + SECONDS * 1_500);
    const late = sleep(ms, undefined, { ref: false }).then(() => {
      throw new GivenUp(`${way} was given up after ${(ms / 1000).toFixed(0)} s`);
    });
    return await Promise.race([Promise.all(nodes.map((node) => node.ask<Figures>({}))), late]);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

async function run(
  server: RedisServer,
  way: Way,
  load: Load,
  colyseus: Colyseus | null = null,
): Promise<Result> {
  const figures = await figuresOf(server, way, load, colyseus);
  const all = (of: (one: Figures) => number): number => figures.reduce((sum, one) => sum + of(one), 0);
  const worst = (of: (one: Figures) => number): number => Math.max(...figures.map(of));
  const matched = all((one) => one.matched);
  const fewest = Math.min(...figures.map(({ waits }) => waits));
  const result = {
    perSecond: all((one) => one.perSecond),
    p50: worst(({ p50 }) => p50),
    p99: worst(({ p99 }) => p99),
    isEnough: fewest >= P99_FROM,
    nodeCpu: all(({ cpu }) => cpu) / matched,
    // Every node has seen all of it, over nearly the same time.
    redisCpu: worst(({ redisCpu }) => redisCpu) / matched,
  };
  const waiting = way === 'passerby' || way === 'lists' ? NODES * WAITING : 0;
  const left = all((one) => one.left) - waiting;
  print(
    `  ${way.padEnd(9)} matched ${matched} at ${result.perSecond.toFixed(0)}/s, twice ${all(({ twice }) => twice)}, more left than at the start ${left}`,
  );
  print(
    `            arrival → matched, a partner waiting (worst node): n ${fewest} or more, p50 ${result.p50.toFixed(1)} ms, p90 ${worst(({ p90 }) => p90).toFixed(1)} ms, ${highText(
      fewest,
      result.p99,
      worst(({ most }) => most),
    )}`,
  );
  print(
    `            CPU a ticket: Node ${result.nodeCpu.toFixed(1)} µs, Redis ${result.redisCpu.toFixed(1)} µs`,
  );
  return result;
}

function compare(ours: Result, theirs: Result, name: string, generator: Result): void {
  const ratio = (of: (result: Result) => number): string => (of(ours) / of(theirs)).toFixed(2);
  const high = ours.isEnough && theirs.isEnough ? ` p99 ${ratio(({ p99 }) => p99)},` : '';
  // The load is made in the nodes' processes; what it takes there is no one's matching.
  const own = ({ nodeCpu }: Result): number => nodeCpu - generator.nodeCpu;
  print(
    `  passerby / ${name}: tickets a second ${ratio((one) => one.perSecond)}, p50 ${ratio(({ p50 }) => p50)},${high} CPU of Node without the load's ${ratio(own)}, of Redis ${ratio(({ redisCpu }) => redisCpu)}`,
  );
}

function findColyseus(): Colyseus | null {
  const execPath = newerNode();
  const folder = execPath === null ? null : peerFolder('colyseus');
  return execPath === null || folder === null ? null : { folder, execPath };
}

/** Colyseus at the highest of some rates that it keeps up with; null: at none of them. */
async function colyseusPaced(
  server: RedisServer,
  colyseus: Colyseus,
  fastest: number,
): Promise<{ load: Load; result: Result } | null> {
  for (let halvings = 1; halvings <= HALVINGS; halvings++) {
    const perSecond = Math.max(NODES * 2, Math.floor(fastest / 2 ** halvings));
    const load = { perSecond, count: perSecond * SECONDS };
    print(`  ${perSecond} tickets a second`);
    try {
      return { load, result: await run(server, 'colyseus', load, colyseus) };
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      print(`  ${error.message}: it does not keep up`);
    }
  }
  return null;
}

async function besideColyseus(server: RedisServer, colyseus: Colyseus): Promise<void> {
  print(
    '3. beside Colyseus: joinOrCreate of a room with two seats, asked in process, any two may meet; until both',
  );
  print(
    '   have a seat; as fast as it goes one after the other at each node, then all at a rate it keeps up with',
  );
  const fastest = await run(server, 'colyseus', { perSecond: null, count: FEW }, colyseus);
  const paced = await colyseusPaced(server, colyseus, fastest.perSecond);
  if (paced === null) return;
  const { load, result: theirs } = paced;
  const generator = await run(server, 'generator', load);
  const ours = await run(server, 'passerby', load);
  const lists = await run(server, 'lists', load);
  compare(ours, theirs, 'colyseus', generator);
  compare(ours, lists, 'lists', generator);
}

async function main(): Promise<void> {
  if (process.send !== undefined) {
    endWithBench();
    return beNode();
  }
  await underHeader(HEADER, measureAll);
}

async function measureAll(): Promise<void> {
  const colyseus = findColyseus();
  const server = await RedisServer.start();
  try {
    const paced = { perSecond: A_SECOND, count: A_SECOND * SECONDS };
    const flatOut = { perSecond: null, count: A_SECOND * SECONDS };
    print(`1. ${A_SECOND} tickets a second for ${SECONDS} s; the generator alone first`);
    const generator = await run(server, 'generator', paced);
    const ours = await run(server, 'passerby', paced);
    compare(ours, await run(server, 'lists', paced), 'lists', generator);
    print('2. as fast as it goes');
    const fastest = await run(server, 'passerby', flatOut);
    compare(fastest, await run(server, 'lists', flatOut), 'lists', generator);
    if (colyseus !== null) await besideColyseus(server, colyseus);
  } finally {
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
