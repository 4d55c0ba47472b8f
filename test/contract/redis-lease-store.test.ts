import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseStore } from '../../src/app/ports/lease-store';
import { RedisConnection } from '../../src/redis/connection';
import { RedisLeaseStore } from '../../src/redis/lease-store';
import { describeWithRedis, RedisClusterServers, RedisServer } from '../support/redis';
import { describeLeaseStore } from './lease-store';

/** Two nodes' connections, and leases of their own for each test. */
async function twoNodes(url: string) {
  const connections = [new RedisConnection({ url }), new RedisConnection({ url })] as const;
  await Promise.all(connections.map((redis) => redis.ready()));
  return {
    open: (): Promise<readonly [LeaseStore, LeaseStore]> => {
      const prefix = `test:${randomUUID()}:`;
      const [one, other] = connections;
      return Promise.resolve([new RedisLeaseStore(one, prefix), new RedisLeaseStore(other, prefix)]);
    },
    close: async () => void (await Promise.all(connections.map((redis) => redis.close()))),
  };
}

describeWithRedis('leases in one Redis', () => {
  let server: RedisServer;
  let nodes: Awaited<ReturnType<typeof twoNodes>>;
  beforeAll(async () => {
    server = await RedisServer.start();
    nodes = await twoNodes(server.url);
  });
  afterAll(async () => {
    await nodes.close();
    await server.stop();
  });

  describeLeaseStore('RedisLeaseStore', { open: () => nodes.open(), pass: (ms) => sleep(ms) });

  test('M9 a lease lies under passerby:2:lease: in a bucket, and Redis forgets it by its own clock', async () => {
    const redis = new RedisConnection({ url: server.url });
    const store = new RedisLeaseStore(redis);
    await store.take('gateway:p1', 'node-1', { ttlMs: 1_234.5, value: 'n' });
    await server.ask(async (client) => {
      const keys = await client.keys('passerby:2:lease:*');
      expect(keys).toEqual([expect.stringMatching(/^passerby:2:lease:\{\d+\}:gateway:p1$/)]);
      expect(await client.hgetall(keys[0] ?? '')).toEqual({ holder: 'node-1', value: 'n' });
      const left = await client.pttl(keys[0] ?? '');
      expect(left).toBeGreaterThan(900);
      expect(left).toBeLessThanOrEqual(1_235);
    });
    await redis.close();
  });

  test('M9 a record that cannot be read is an error, not a lease', async () => {
    const redis = new RedisConnection({ url: server.url });
    const store = new RedisLeaseStore(redis, 'broken:');
    await store.take('k', 'a', { ttlMs: 60_000 });
    await server.ask(async (client) => {
      const [key = ''] = await client.keys('broken:*');
      await client.hdel(key, 'value');
    });
    await expect(store.find('k')).rejects.toThrow();
    await redis.close();
  });
});

describeWithRedis('leases in a Redis Cluster', () => {
  let servers: RedisClusterServers;
  let nodes: Awaited<ReturnType<typeof twoNodes>>;
  beforeAll(async () => {
    servers = await RedisClusterServers.start();
    nodes = await twoNodes(servers.url);
  });
  afterAll(async () => {
    await nodes.close();
    await servers.stop();
  });

  describeLeaseStore('RedisLeaseStore', { open: () => nodes.open(), pass: (ms) => sleep(ms) });

  test('M9 leases are spread over all servers', async () => {
    const [store] = await nodes.open();
    const renewals = Array.from({ length: 300 }, (_, n) => ({ key: `k${n}`, value: '' }));
    expect(await store.renew('a', renewals, 60_000)).toEqual([]);
    for (const server of servers.servers) {
      expect(await server.ask((client) => client.dbsize())).toBeGreaterThan(50);
    }
  });
});
