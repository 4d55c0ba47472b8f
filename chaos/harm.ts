import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../test/support/random';
import type { ChaosNode } from './nodes/chaos-node';
import type { Installation } from './nodes/installation';

const REDIS_EVERY_S = 60;
/** How often harm is tried again that would have left no node alive. */
const AGAIN_MS = 200;

export interface HarmOptions {
  readonly seed: number;
  readonly every: number;
  readonly redis: boolean;
}

export interface HarmEvents {
  /** This node is killed now. */
  struck(node: ChaosNode): void;
  did(words: string): void;
}

/**
 * Does harm at random, each kind with its own random numbers, until `stop`; then everything is repaired. At least one
 * node always serves.
 */
export class Harm {
  readonly counts = { nodesKilled: 0, workersKilled: 0, nodesStopped: 0, redisKilled: 0 };
  private readonly ending = new AbortController();
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly installation: Installation,
    private readonly options: HarmOptions,
    private readonly events: HarmEvents,
  ) {}

  begin(): void {
    const { every, redis } = this.options;
    this.loops.push(
      this.repeat(1, every, (random) => this.killNode(random)),
      this.repeat(2, every * 1.3, (random) => this.stopNode(random)),
      this.repeat(3, every * 1.6, (random) => this.killWorker(random)),
    );
    if (redis) this.loops.push(this.repeat(4, REDIS_EVERY_S, (random) => this.killRedis(random)));
  }

  /** Resolves when every node serves again, and Redis. Rejects where something could not be started again. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.loops);
  }

  private async repeat(
    kind: number,
    everyS: number,
    deed: (random: () => number) => Promise<void>,
  ): Promise<void> {
    const random = seeded(this.options.seed + kind * 104_729);
    while (await this.waited(everyS * 1000 * (0.5 + random()))) await deed(random);
  }

  /** `false` when harm is over. */
  private async waited(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
    return !this.ending.signal.aborted;
  }

  /** One of the nodes that serve, while there is another one; waits for that. */
  private async victim(random: () => number): Promise<ChaosNode | undefined> {
    const dice = random();
    do {
      const serving = this.installation.serving();
      if (serving.length > 1) return serving[Math.floor(dice * serving.length)];
    } while (await this.waited(AGAIN_MS));
    return undefined;
  }

  private async killNode(random: () => number): Promise<void> {
    const node = await this.victim(random);
    const awayMs = 1_000 + 2_000 * random();
    if (node === undefined) return;
    this.counts.nodesKilled += 1;
    this.events.struck(node);
    this.events.did(`${node.name} killed, for ${Math.round(awayMs)} ms`);
    await node.kill();
    await sleep(awayMs);
    await node.start();
  }

  private async stopNode(random: () => number): Promise<void> {
    const node = await this.victim(random);
    const awayMs = 1_000 + 3_000 * random();
    if (node === undefined) return;
    this.counts.nodesStopped += 1;
    this.events.did(`${node.name} stopped, for ${Math.round(awayMs)} ms`);
    node.pause();
    await sleep(awayMs);
    node.wake();
  }

  private async killWorker(random: () => number): Promise<void> {
    const serving = this.installation.serving();
    const node = serving[Math.floor(random() * serving.length)];
    const [worker] = node?.workers() ?? [];
    if (node === undefined || worker === undefined) return;
    this.counts.workersKilled += 1;
    this.events.did(`a media worker of ${node.name} killed`);
    try {
      process.kill(worker, 'SIGKILL');
    } catch {
      // It has ended at this moment, with its node.
    }
    return Promise.resolve();
  }

  private async killRedis(random: () => number): Promise<void> {
    const awayMs = 300 + 2_700 * random();
    this.counts.redisKilled += 1;
    this.events.did(`Redis killed, for ${Math.round(awayMs)} ms`);
    await this.installation.killRedis();
    await sleep(awayMs);
    await this.installation.startRedis();
  }
}
