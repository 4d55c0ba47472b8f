import { fork, type ChildProcess } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { RedisServer } from '../../test/support/redis-server';
import { Population, seeded } from './population';
import { arrivals, measure, type Figures } from './redis/arrivals';
import { Directed } from './redis/directed';
import { Lists } from './redis/lists';

/**
 * Tickets matched through Redis: nodes (processes) with a shard, a store and a director each, and beside them in the
 * same run LPUSH/BRPOP by gender. Arguments: nodes, tickets a second, seconds.
 */
const NODES = Number(process.argv[2] ?? 2);
const A_SECOND = Number(process.argv[3] ?? 20_000);
const SECONDS = Number(process.argv[4] ?? 6);
const WAITING = 4_000;

type Way = 'directed' | 'lists';
interface Task {
  readonly way: Way;
  readonly url: string;
  readonly node: number;
  readonly perSecond: number | null;
  readonly count: number;
}

const print = (line: string): void => console.log(line);

/** In a node's process: makes its tickets, says so, and measures when all nodes are ready. */
function beNode(): void {
  process.once('message', (task: Task) => {
    const { way, url, node, perSecond, count } = task;
    const region = `r${node}`;
    const people = new Population(seeded(100 + node));
    // So many men wait already, so that every woman finds somebody.
    const waiting = arrivals(people, WAITING * 2, region).filter(({ gender }) => gender === 'male');
    const warmUp = arrivals(people, Math.floor(count / 4) * 2, region);
    const tickets = arrivals(people, count, region);
    process.once('message', () => {
      const matchmaker =
        way === 'directed' ? new Directed(url, `video.${region}.standard`) : new Lists(url, region);
      measure(matchmaker, waiting, warmUp, tickets, perSecond)
        .then(async (figures) => {
          await matchmaker.close();
          process.send?.(figures, undefined, {}, () => process.disconnect());
        })
        .catch((error: unknown) => {
          console.error(error);
          process.exit(1);
        });
    });
    process.send?.('ready');
  });
}

const startNode = (): ChildProcess =>
  fork(__filename, { execArgv: ['--expose-gc', '--max-old-space-size=3072'] });

/** The next thing a node says. */
function said<T>(node: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    node.once('message', (message: T) => resolve(message));
    node.once('exit', (code) => reject(new Error(`a node ended with ${code}`)));
  });
}

/** CPU the server has used so far (µs). */
async function redisCpu(server: RedisServer): Promise<number> {
  const info = await server.ask((redis) => redis.info('cpu'));
  const seconds = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1] ?? NaN);
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6;
}

interface Result {
  readonly perSecond: number;
  readonly p50: number;
  readonly nodeCpu: number;
  readonly redisCpu: number;
}

async function run(server: RedisServer, way: Way, perSecond: number | null): Promise<Result> {
  await server.ask((redis) => redis.flushall());
  const before = await redisCpu(server);
  const count = Math.floor((perSecond ?? A_SECOND) * SECONDS) / NODES;
  const nodes = Array.from({ length: NODES }, startNode);
  nodes.forEach((process, node) =>
    process.send({
      ...{ way, url: server.url, node, count: count - (count % 2) },
      perSecond: perSecond === null ? null : perSecond / NODES,
    } satisfies Task),
  );
  await Promise.all(nodes.map((node) => said<string>(node)));
  const told = nodes.map((node) => said<Figures>(node));
  for (const node of nodes) node.send('go');
  const figures = await Promise.all(told);
  const all = (of: (one: Figures) => number): number => figures.reduce((sum, one) => sum + of(one), 0);
  const worst = (of: (one: Figures) => number): number => Math.max(...figures.map(of));
  const matched = all(({ matched }) => matched);
  const result = {
    perSecond: all((one) => one.perSecond),
    p50: worst(({ p50 }) => p50),
    nodeCpu: all(({ cpu }) => cpu) / matched,
    // For all that went through it, waiting people and warming up included.
    redisCpu: ((await redisCpu(server)) - before) / (matched * 1.5 + NODES * WAITING),
  };
  const left = all((one) => one.left) - NODES * WAITING;
  print(
    `  ${way.padEnd(8)} matched ${matched} at ${result.perSecond.toFixed(0)}/s, twice ${all(({ twice }) => twice)}, more left than at the start ${left}`,
  );
  print(
    `           arrival → matched, a partner waiting (worst node): p50 ${result.p50.toFixed(1)} ms, p99 ${worst(({ p99 }) => p99).toFixed(1)} ms, max ${worst(({ most }) => most).toFixed(0)} ms`,
  );
  print(
    `           CPU a ticket: Node ${result.nodeCpu.toFixed(1)} µs, Redis ${result.redisCpu.toFixed(1)} µs`,
  );
  return result;
}

function compare(ours: Result, lists: Result): void {
  print(
    `  directed / lists: tickets a second ${(ours.perSecond / lists.perSecond).toFixed(2)}, p50 ${(ours.p50 / lists.p50).toFixed(2)}, CPU of Node ${(ours.nodeCpu / lists.nodeCpu).toFixed(2)}, of Redis ${(ours.redisCpu / lists.redisCpu).toFixed(2)}`,
  );
}

async function main(): Promise<void> {
  if (process.send !== undefined) return beNode();
  const server = await RedisServer.start();
  try {
    const load = loadavg()[0]?.toFixed(1);
    print(
      `${NODES} nodes, one Redis, ${cpus().length} cores, load before ${load}: what else runs here shares them`,
    );
    print(`1. ${A_SECOND} tickets a second for ${SECONDS} s`);
    compare(await run(server, 'directed', A_SECOND), await run(server, 'lists', A_SECOND));
    print('2. as fast as it goes');
    compare(await run(server, 'directed', null), await run(server, 'lists', null));
  } finally {
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
