/**
 * Many idle people on one node, beside Socket.IO. Arguments: sockets, seconds of each stretch that is measured, sockets
 * opened a second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisServer } from '../../test/support/redis-server';
import { Child, endWithBench } from '../support/children';
import { highText, P99_FROM } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import { SECRET, startNode } from '../support/node';
import { peerFolder } from '../support/peers';
import { cpuOf, memoryOf, type Memory } from '../support/process-figures';
import type { CodecName } from './codecs';
import { beCrowd, type Arrived, type CrowdTask, type Order, type Replies } from './crowd';
import { beSocketIo, type SocketIoTask } from './socket-io';

const SOCKETS = Number(process.argv[2] ?? 10_000);
const SECONDS = Number(process.argv[3] ?? 46);
const PER_SECOND = Number(process.argv[4] ?? 500);
const ASKERS = 300;
const EVERY_MS = 3_000;
/** Longer than both servers' ping and the renewal of leases take, so that memory holds what these need. */
const SETTLE_MS = Math.min(20_000, SECONDS * 1000);

const HEADER: Header = {
  title: `sockets: ${SOCKETS} idle people on one node of many, each greeted`,
  measures: `memory, CPU and event-loop delay of the server, and how soon ${ASKERS} of them are answered, who tell their microphone's state every ${EVERY_MS / 1000} s; beside it Socket.IO with its Redis adapter and the same clients`,
  from: 'the request being sent by the client',
  to: 'its reply being read by the client',
  order: `block after block: each server by itself, in stretches of ${SECONDS} s`,
  together:
    'the server, Redis and two processes of clients, all on this machine over loopback, without compression',
  doesNotShow: 'TLS, networks, compression, people who do anything else',
};

/** A server to be measured, as a process of its own. */
interface Measured {
  readonly pid: number;
  readonly origin: string;
  /** Event-loop delay since this was last asked (p99, ms). */
  delay(): Promise<number>;
  stop(): Promise<void>;
}

async function startOurs(redis: RedisServer): Promise<Measured> {
  const node = await startNode({
    REDIS_URL: redis.url,
    SECRET,
    MEDIA_WORKERS: '1',
    MAX_SOCKETS: String(SOCKETS * 2),
    SOCKETS_PER_ADDRESS: String(SOCKETS * 2),
    MOST_NEW_PER_SECOND: '100000',
    LEAST_NEW_PER_SECOND: '100000',
  });
  return {
    pid: node.pid,
    origin: new URL(node.wsUrl).origin,
    delay: async () => ((await node.metrics()).get('nodejs_eventloop_lag_p99_seconds') ?? NaN) * 1000,
    stop: () => node.stop(),
  };
}

async function startSocketIo(redis: RedisServer): Promise<Measured | null> {
  const folder = peerFolder('socket.io');
  if (folder === null) return null;
  const server = Child.start(__filename, 'socket.io');
  const { port } = await server.ask<{ port: number }>({ folder, redisUrl: redis.url } satisfies SocketIoTask);
  return {
    pid: server.pid,
    origin: `ws://127.0.0.1:${port}`,
    delay: async () => (await server.ask<{ p99: number }>({})).p99,
    stop: () => server.stop(),
  };
}

interface Stretch {
  readonly name: string;
  readonly replies: Replies;
  readonly delay: number;
  /** CPU of one core (%). */
  readonly cpu: number;
  readonly redisCpu: number;
  readonly open: number;
}

interface Figures {
  readonly name: string;
  readonly before: Memory;
  readonly after: Memory;
  readonly arrived: Arrived;
  readonly stretches: readonly Stretch[];
}

interface Crowds {
  readonly idle: Child;
  readonly askers: Child;
}

async function measure(name: CodecName, server: Measured, redis: RedisServer): Promise<Figures> {
  await sleep(2_000);
  const before = memoryOf(server.pid);
  const crowds = { idle: Child.start(__filename, 'crowd'), askers: Child.start(__filename, 'crowd') };
  try {
    const task = { codec: name, origin: server.origin, perSecond: PER_SECOND };
    const arrived = await crowds.idle.ask<Arrived>({ ...task, count: SOCKETS - ASKERS } satisfies CrowdTask);
    await crowds.askers.ask<Arrived>({ ...task, count: ASKERS } satisfies CrowdTask);
    await sleep(SETTLE_MS);
    const stretches = [
      await stretch('all idle', server, redis, { crowds, comingAndGoing: 0 }),
      await stretch('some leave in one second and come in the next, all are told', server, redis, {
        crowds,
        comingAndGoing: 5,
      }),
    ];
    return { name, before, after: memoryOf(server.pid), arrived, stretches };
  } finally {
    await Promise.all([crowds.idle.stop(), crowds.askers.stop()]);
  }
}

async function stretch(
  name: string,
  server: Measured,
  redis: RedisServer,
  { crowds, comingAndGoing }: { crowds: Crowds; comingAndGoing: number },
): Promise<Stretch> {
  await server.delay();
  const redisPid = redis.pid ?? NaN;
  const [start, cpu, redisCpu] = [performance.now(), cpuOf(server.pid), cpuOf(redisPid)];
  const [replies, stayed] = await Promise.all([
    crowds.askers.ask<Replies>({ order: 'ask', seconds: SECONDS, everyMs: EVERY_MS } satisfies Order),
    crowds.idle.ask<{ open: number }>({ order: 'stay', seconds: SECONDS, comingAndGoing } satisfies Order),
  ]);
  const tookUs = (performance.now() - start) * 1000;
  return {
    name,
    replies,
    cpu: ((cpuOf(server.pid) - cpu) / tookUs) * 100,
    redisCpu: ((cpuOf(redisPid) - redisCpu) / tookUs) * 100,
    delay: await server.delay(),
    open: stayed.open + replies.open,
  };
}

function print({ name, before, after, arrived, stretches }: Figures): void {
  const each = ((after.resident - before.resident) * 1000) / SOCKETS;
  console.log(
    `  ${name}: ${after.resident.toFixed(0)} MB resident (${before.resident.toFixed(0)} before, ${after.most.toFixed(0)} at most), ${each.toFixed(1)} kB a socket; all there after ${(arrived.tookMs / 1000).toFixed(1)} s, ${arrived.again} opened again`,
  );
  for (const { name: what, replies, delay, cpu, redisCpu, open } of stretches) {
    console.log(
      `    ${what}: reply n ${replies.answered}, p50 ${replies.p50.toFixed(1)} ms, ${highText(replies.answered, replies.p99, replies.most)} (${replies.answered} of ${replies.asked} answered; the asker itself was late by ${replies.ownDelay.toFixed(1)} ms p99)`,
    );
    console.log(
      `      event-loop delay p99 ${delay.toFixed(1)} ms (an idle loop shows 10), CPU ${cpu.toFixed(1)} % of a core, Redis ${redisCpu.toFixed(1)} %, ${open} of ${SOCKETS} sockets open at the end`,
    );
  }
}

function compare(ours: Figures, theirs: Figures): void {
  const ratio = (of: (figures: Figures) => number): string => (of(ours) / of(theirs)).toFixed(2);
  console.log(`  passerby / Socket.IO: resident ${ratio(({ after }) => after.resident)}`);
  ours.stretches.forEach(({ name }, at) => {
    const of = (read: (stretch: Stretch) => number): string =>
      ratio(({ stretches }) => (stretches[at] === undefined ? NaN : read(stretches[at])));
    const isEnough = [ours, theirs].every(
      ({ stretches }) => (stretches[at]?.replies.answered ?? 0) >= P99_FROM,
    );
    const high = isEnough ? ` p99 ${of(({ replies }) => replies.p99)},` : '';
    console.log(
      `    ${name}: reply p50 ${of(({ replies }) => replies.p50)},${high} event-loop delay ${of(({ delay }) => delay)}, CPU ${of(({ cpu }) => cpu)}`,
    );
  });
}

async function run(
  name: CodecName,
  start: (redis: RedisServer) => Promise<Measured | null>,
): Promise<Figures | null> {
  const redis = await RedisServer.start();
  try {
    const server = await start(redis);
    if (server === null) return null;
    try {
      const figures = await measure(name, server, redis);
      print(figures);
      return figures;
    } finally {
      await server.stop();
    }
  } finally {
    await redis.stop();
  }
}

async function main(): Promise<void> {
  if (process.send !== undefined) {
    endWithBench();
    return process.argv[2] === 'crowd' ? beCrowd() : beSocketIo();
  }
  await underHeader(HEADER, async () => {
    const ours = await run('passerby', startOurs);
    const theirs = await run('socket.io', startSocketIo);
    if (ours !== null && theirs !== null) compare(ours, theirs);
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
