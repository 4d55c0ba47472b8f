import { startNode, type TestNode } from '../../support/node';
import { eventually } from '../../support/eventually';
import { RedisServer, describeWithRedis } from '../../support/redis';

interface Health {
  readonly status: string;
  readonly nodes: { readonly different: readonly { readonly setting: string; readonly nodes: number }[] };
}

describeWithRedis('nodes with different settings', () => {
  let redis: RedisServer;
  const nodes: TestNode[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await redis.stop();
  });

  const start = async (environment: Record<string, string>): Promise<TestNode> => {
    const node = await startNode({ REDIS_URL: redis.url, MEDIA_WORKERS: '1', ...environment });
    nodes.push(node);
    return node;
  };
  const healthOf = async ({ url }: TestNode): Promise<Health> => {
    const response = await fetch(`${url}/videochat/health`);
    expect(response.status).toBe(200);
    return (await response.json()) as Health;
  };

  test('O4 another secret and another minimum age are said in the health of both', async () => {
    const one = await start({ SECRET: 'a secret that the first node has' });
    expect(await healthOf(one)).toMatchObject({ status: 'ok', nodes: { different: [] } });
    const other = await start({ SECRET: 'a secret that the second node has', MINIMUM_AGE: '16' });
    await eventually(() => [one, other].every(({ parts }) => parts.membership.others().length === 1));
    for (const node of [one, other]) {
      expect(await healthOf(node)).toMatchObject({
        status: 'degraded',
        nodes: {
          different: [
            { setting: 'SECRET', nodes: 1 },
            { setting: 'MINIMUM_AGE', nodes: 1 },
          ],
        },
      });
    }
  }, 40_000);
});
