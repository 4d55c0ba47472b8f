import { Worker } from 'node:worker_threads';
import type { LivenessHost, NodeLiveness, Silences } from '../../app/cluster/ports/node-liveness';
import type { NodeAddress } from '../../app/ports/bus';
import type { Clock } from '../../app/ports/clock';
import type { RedisConnection } from '../connection';
import { Signs } from './signs';
import { fromThreadSchema, type ThreadData, type ToThread } from './thread-messages';

const RUNNING_MS = 1_000;
const FIRST_RESTART_MS = 250;
const MOST_RESTART_MS = 10_000;
/** A thread that ran for this long had not died of how it was started. */
const RAN_WELL_MS = 60_000;
const CLOSE_MS = 1_000;

export interface RedisNodeLivenessOptions {
  readonly redis: RedisConnection;
  readonly redisUrl: string;
  readonly self: NodeAddress;
  readonly clock: Clock;
  /** The program of the thread that sends. */
  readonly program: string;
  /** Called with each error in the background; a thread that has died is started again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Signs of life in Redis. They are sent by a thread with a connection of its own, so a node whose event loop is late
 * is not taken for dead. The thread stops sending when the event loop does not go round any more, or the node has not
 * been well, for 15 s.
 */
export class RedisNodeLiveness implements NodeLiveness {
  private readonly signs: Signs;
  private thread: Worker | undefined;
  private stopTimer: (() => void) | undefined;
  private stopRestart: (() => void) | undefined;
  private restarts = 0;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: RedisNodeLivenessOptions) {
    this.signs = new Signs(options.redis);
  }

  start(host: LivenessHost): void {
    if (this.thread !== undefined || this.closing !== undefined) return;
    this.run(host);
    this.stopTimer = this.options.clock.every(RUNNING_MS, () => {
      if (host.isWell()) this.tell('running');
    });
  }

  silences(nodes: readonly NodeAddress[]): Promise<Silences> {
    return this.signs.read(this.options.self, nodes);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.stopTimer?.();
    this.stopRestart?.();
    const { thread } = this;
    if (thread === undefined) return;
    await new Promise<void>((resolve) => {
      const stop = this.options.clock.after(CLOSE_MS, resolve);
      thread.once('exit', () => {
        stop();
        resolve();
      });
      this.tell('stop');
    });
    await thread.terminate();
  }

  private tell(message: ToThread): void {
    this.thread?.postMessage(message);
  }

  private run(host: LivenessHost): void {
    const { redisUrl, self, program, onError } = this.options;
    const workerData: ThreadData = { redisUrl, self };
    const thread = new Worker(program, { workerData });
    this.thread = thread;
    const startedAt = performance.now();
    // The sockets of the node keep the process alive, not this thread.
    thread.unref();
    thread.on('message', (message: unknown) => {
      const said = fromThreadSchema.parse(message);
      switch (said.type) {
        case 'lapsed':
          return host.onLapse();
        case 'error':
          return onError(new Error(said.message));
      }
    });
    thread.on('error', onError);
    thread.on('exit', () => {
      if (performance.now() - startedAt >= RAN_WELL_MS) this.restarts = 0;
      this.again(host);
    });
  }

  /** Others may declare this node dead before the new thread sends. They tell it so when they hear it again. */
  private again(host: LivenessHost): void {
    this.thread = undefined;
    if (this.closing !== undefined) return;
    const pauseMs = Math.min(MOST_RESTART_MS, FIRST_RESTART_MS * 2 ** this.restarts);
    this.restarts += 1;
    this.stopRestart = this.options.clock.after(pauseMs, () => {
      if (this.closing !== undefined) return;
      this.run(host);
      host.onLapse();
    });
  }
}
