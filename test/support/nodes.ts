import { startNode, type TestNode } from './node';
import { spawnNode, type NodeProcess } from './process';
import { RedisServer } from './redis';
import { eventually } from './eventually';

const SECRET = 'a secret that all nodes of a test share';

/** Settings of a node of this installation. */
const settings = (redis: RedisServer, environment: Record<string, string>): Record<string, string> => ({
  REDIS_URL: redis.url,
  SECRET,
  MEDIA_WORKERS: '1',
  SOCKETS_PER_ADDRESS: '5000',
  OPERATOR_TOKEN: 'operator-token-for-tests',
  ...environment,
});

/** Several nodes over one Redis, in this process: their parts can be looked at. */
export class Installation {
  private constructor(
    readonly redis: RedisServer,
    readonly nodes: TestNode[],
  ) {}

  static async start(count: number, environment: Record<string, string> = {}): Promise<Installation> {
    const redis = await RedisServer.start();
    const nodes: TestNode[] = [];
    for (let index = 0; index < count; index += 1) {
      nodes.push(await startNode(settings(redis, environment)));
    }
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
    for (let index = 0; index < count; index += 1) await processes.add();
    return processes;
  }

  /** One more node, once it serves. */
  async add(): Promise<NodeProcess> {
    const node = await spawnNode(settings(this.redis, this.environment));
    this.nodes.push(node);
    await node.serving;
    return node;
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
}
