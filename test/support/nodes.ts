import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/app/ports/clock';
import { startNode, type TestNode } from './node';
import { spawnNode, type NodeProcess } from './process';
import { RedisServer } from './redis';
import { eventually } from './eventually';

/** Less than a test's hook may take, so that this code still ends the nodes that did not start. */
const START_MS = 50_000;

const SECRET = 'a secret that all nodes of a test share';

/** Settings of a node of this installation. */
const settings = (redis: RedisServer, environment: Record<string, string>): Record<string, string> => ({
  REDIS_URL: redis.url,
  SECRET,
  MEDIA_WORKERS: '1',
  SOCKETS_PER_ADDRESS: '5000',
  // All clients of a test come from one address.
  GUESTS_PER_ADDRESS: '100000',
  MOST_NEW_PER_SECOND: '100000',
  LEAST_NEW_PER_SECOND: '100000',
  OPERATOR_TOKEN: 'operator-token-for-tests',
  ...environment,
});

/** Several nodes over one Redis, in this process: their parts can be looked at. */
export class Installation {
  private constructor(
    readonly redis: RedisServer,
    readonly nodes: TestNode[],
  ) {}

  /** `clocks`: for the first nodes, in place of the machine's. */
  static async start(
    count: number,
    environment: Record<string, string> = {},
    clocks: readonly Clock[] = [],
  ): Promise<Installation> {
    const redis = await RedisServer.start();
    const nodes = await Promise.all(
      Array.from({ length: count }, (_, index) => startNode(settings(redis, environment), clocks[index])),
    );
    const installation = new Installation(redis, nodes);
    await eventually(() => nodes.every(({ parts }) => parts.membership.all().length === count));
    return installation;
  }

  node(index: number): TestNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.redis.stop();
  }
}

/** Several nodes over one Redis, each a process of its own: they can be killed. */
export class Processes {
  readonly nodes: NodeProcess[] = [];

  private constructor(
    readonly redis: RedisServer,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(count: number, environment: Record<string, string> = {}): Promise<Processes> {
    const processes = new Processes(await RedisServer.start(), environment);
    const served = Promise.all(Array.from({ length: count }, (_, index) => processes.startAt(index)));
    const late = sleep(START_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${count} nodes did not serve within ${START_MS} ms`);
    });
    try {
      await Promise.race([served, late]);
    } catch (error) {
      // No other code knows these processes: they would stay, and slow down later tests.
      await processes.close();
      throw error;
    }
    return processes;
  }

  /** One more node, once it serves. */
  async add(): Promise<NodeProcess> {
    return this.startAt(this.nodes.length);
  }

  /** A new node in the place of each one that has ended. */
  async replaceEnded(): Promise<void> {
    for (const [index, node] of this.nodes.entries()) {
      const { exitCode, signalCode } = node.child;
      if (exitCode === null && signalCode === null) continue;
      await node.remove();
      await this.startAt(index);
    }
  }

  node(index: number): NodeProcess {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
    await this.redis.stop();
  }

  private async startAt(index: number): Promise<NodeProcess> {
    const node = await spawnNode(settings(this.redis, this.environment));
    // Stored before it serves, so that `close` ends one that never does.
    this.nodes[index] = node;
    await node.serving;
    return node;
  }
}
