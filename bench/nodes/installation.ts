import { setTimeout as sleep } from 'node:timers/promises';
import { LoadBalancer } from '../../test/support/load-balancer';
import { RedisServer } from '../../test/support/redis-server';
import { SECRET, startNode, type BenchNode } from '../support/node';

const HEAR_MS = 15_000;

/** Several nodes over one Redis, each a process of its own, behind one load balancer. */
export class Installation {
  readonly nodes: BenchNode[] = [];

  private constructor(
    private readonly redis: RedisServer,
    private readonly origin: string,
  ) {}

  private balancer: LoadBalancer | undefined;

  /** `origin`: of the pages that come. */
  static async start(count: number, origin: string): Promise<Installation> {
    const installation = new Installation(await RedisServer.start(), origin);
    try {
      for (let index = 0; index < count; index += 1) await installation.add();
      installation.balancer = await LoadBalancer.over(() => installation.nodes.map(({ url }) => url));
      await installation.hearEachOther();
      return installation;
    } catch (error) {
      await installation.close();
      throw error;
    }
  }

  get wsUrl(): string {
    if (this.balancer === undefined) throw new Error('there is no load balancer yet');
    return `${this.balancer.url.replace('http', 'ws')}/ws`;
  }

  async add(): Promise<void> {
    const environment = {
      REDIS_URL: this.redis.url,
      SECRET,
      MEDIA_WORKERS: '1',
      ALLOWED_ORIGINS: this.origin,
      MATCH_STEPS: '[{"afterMs":0,"minScore":0,"circle":"anyone"}]',
    };
    this.nodes.push(await startNode(environment));
  }

  /** Ends a node without a word; the pages' connections are not sent there any more. */
  async kill(node: BenchNode): Promise<void> {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    await node.kill();
  }

  /** Nodes that have a line. Throws where the two lines are not on two nodes, with media piped between them. */
  async withOneLineEach(): Promise<readonly BenchNode[]> {
    const found = await Promise.all(
      this.nodes.map(async (node) => {
        const metrics = await node.metrics();
        return {
          node,
          lines: metrics.get('passerby_lines') ?? NaN,
          pipes: metrics.get('passerby_pipes') ?? NaN,
        };
      }),
    );
    const holding = found.filter(({ lines }) => lines > 0);
    if (holding.length !== 2 || holding.some(({ lines, pipes }) => lines !== 1 || !(pipes > 0)))
      throw new Error(
        `the lines are not on two nodes: ${found.map(({ lines, pipes }) => `${lines} lines, ${pipes} pipes`).join('; ')}`,
      );
    return holding.map(({ node }) => node);
  }

  /** The lines of all nodes. */
  async lines(): Promise<readonly number[]> {
    return Promise.all(this.nodes.map(async (node) => (await node.metrics()).get('passerby_lines') ?? NaN));
  }

  async hearEachOther(): Promise<void> {
    for (const until = Date.now() + HEAR_MS; Date.now() < until; await sleep(100)) {
      const heard = await Promise.all(
        this.nodes.map(async (node) => (await node.metrics()).get('passerby_nodes')),
      );
      if (heard.every((count) => count === this.nodes.length)) return;
    }
    throw new Error('the nodes do not hear each other');
  }

  async close(): Promise<void> {
    await this.balancer?.close();
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.redis.stop();
  }
}
