import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Logger } from 'pino';
import type { NodeAddress } from '../app/ports/bus';
import type { LocalMediaNode } from '../app/lines/media-node';
import { noMediaNode } from './no-media-node';
import { MediasoupNode } from './mediasoup-node';
import type { PipeAddress } from './pipes/node-pipe';
import { capabilitiesForWire } from './wire';
import { WorkerPool } from './worker-pool';

export interface MediasoupNodeOptions {
  readonly ip: string;
  readonly announcedAddress?: string;
  /** The first worker's port; each next worker takes the next one. 0: any free ports. */
  readonly port: number;
  readonly workers: number;
  readonly workerBin?: string;
  /** For tests: how long a worker has to run until earlier deaths count no more (ms). */
  readonly ranWellMs?: number;
  /** This node's address in the cluster; an only node does not use it. */
  readonly self?: NodeAddress;
  /** Where pipes to other nodes end, each at its own port. By default the address that peers send their media to. */
  readonly pipe?: PipeAddress;
  readonly pipeIdleMs?: number;
}

/** Long enough that two routers with one call after the other keep their pipe. */
const PIPE_IDLE_MS = 30_000;

/** Starts the media workers of this node. */
export async function startMediasoupNode(options: MediasoupNodeOptions, log: Logger): Promise<MediasoupNode> {
  if (options.pipe !== undefined) await assertOwn(options.pipe.ip);
  return startWorkers(options, log);
}

async function startWorkers(options: MediasoupNodeOptions, log: Logger): Promise<MediasoupNode> {
  const { ip, announcedAddress, port, workers, workerBin, ranWellMs } = options;
  const address = { ip, ...(announcedAddress === undefined ? {} : { announcedAddress }) };
  const settings = {
    self: options.self ?? randomUUID(),
    pipeAddress: options.pipe ?? address,
    pipeIdleMs: options.pipeIdleMs ?? PIPE_IDLE_MS,
  };
  const pool = await WorkerPool.start({
    size: workers,
    listen: (index) => [{ ...address, port: port === 0 ? 0 : port + index }],
    logLevel: 'error',
    log,
    ...(workerBin === undefined ? {} : { workerBin }),
    ...(ranWellMs === undefined ? {} : { ranWellMs }),
  }).catch((error: unknown) => {
    throw inPlainEnglish(error, options);
  });
  const [first] = pool.alive;
  if (first === undefined) throw new Error('no media worker could be started');
  // All routers have the same codecs, so the first one's capabilities hold for all.
  return new MediasoupNode(pool, capabilitiesForWire(first.router.rtpCapabilities), settings, log);
}

/**
 * The media of a node that takes no lines. It answers clients with the same router capabilities as nodes that do. Only a
 * worker knows them, so one is started, asked and closed.
 */
export async function startWithoutMedia(options: MediasoupNodeOptions, log: Logger): Promise<LocalMediaNode> {
  const probe = await startWorkers({ ...options, port: 0, workers: 1 }, log);
  const { routerRtpCapabilities } = probe;
  await probe.close();
  return noMediaNode(routerRtpCapabilities);
}

/** Pipes listen only when there is a call over two nodes, which is too late to find out that they cannot. */
async function assertOwn(ip: string): Promise<void> {
  const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind(0, ip);
    await once(socket, 'listening');
  } catch (error) {
    throw new Error(
      `This machine cannot listen on ${ip} for media from other nodes. Set PIPE_LISTEN_ADDRESS to an address it has.`,
      { cause: error },
    );
  } finally {
    socket.close();
  }
}

/** Says why workers do not start and what the operator can do; libuv's own messages are for programmers. */
function inPlainEnglish(error: unknown, { ip, port, workers, workerBin }: MediasoupNodeOptions): Error {
  const message = error instanceof Error ? error.message : String(error);
  const last = port + workers - 1;
  if (/already in use/.test(message)) {
    const ports =
      workers === 1 ? `The media port ${port} is` : `One of the media ports ${port} to ${last} is`;
    return new Error(`${ports} taken on ${ip}. Stop what uses it, or set RTC_PORT to another number.`, {
      cause: error,
    });
  }
  if (/not available/.test(message)) {
    return new Error(`This machine has no address ${ip} for media. Set RTC_LISTEN_ADDRESS to one it has.`, {
      cause: error,
    });
  }
  if (/ENOENT|EACCES|spawn/.test(message)) {
    return new Error(`The media worker ${workerBin ?? 'of mediasoup'} cannot be run. npm start makes one.`, {
      cause: error,
    });
  }
  return new Error(`The media workers could not be started: ${message}`, { cause: error });
}
