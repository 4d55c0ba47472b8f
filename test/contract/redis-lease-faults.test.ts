/** @alone The time that ten thousand renewals take is measured. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisConnection } from '../../src/redis/connection';
import { RedisLeaseStore } from '../../src/redis/lease-store';
import { RedisUnavailable } from '../../src/redis/unavailable';
import { eventually } from '../support/eventually';
import { describeWithRedis, RedisServer } from '../support/redis';

const LONG = 60_000;

describeWithRedis('leases in Redis when something fails', () => {
  let server: RedisServer;
  let prefix: string;
  const connections: RedisConnection[] = [];
  const open = (answerMs?: number) => {
    const redis = new RedisConnection({ url: server.url, answerMs });
    connections.push(redis);
    return { redis, store: new RedisLeaseStore(redis, prefix) };
  };
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(() => {
    prefix = `test:${randomUUID()}:`;
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((redis) => redis.close()));
  });
  afterAll(async () => server.stop());

  test('M9 S4 a lease that a killed Redis has lost is made anew only by a renewal with a value', async () => {
    const { redis, store } = open();
    const other = open();
    await store.take('valued', 'a', { ttlMs: LONG, value: 'before' });
    await store.take('bare', 'a', { ttlMs: LONG, value: 'before' });
    await server.kill();
    await eventually(() => redis.health === 'down' && other.redis.health === 'down');
    await expect(store.take('valued', 'a', { ttlMs: LONG })).rejects.toThrow(RedisUnavailable);
    await expect(store.renew('a', [{ key: 'valued', value: 'n' }], LONG)).rejects.toThrow(RedisUnavailable);
    await expect(store.find('valued')).rejects.toThrow(RedisUnavailable);
    await expect(store.release('valued', 'a')).rejects.toThrow(RedisUnavailable);
    await server.run();
    await Promise.all([redis.ready(), other.redis.ready()]);
    const renewals = [{ key: 'valued', value: 'after' }, { key: 'bare' }];
    expect(await store.renew('a', renewals, LONG)).toEqual(['bare']);
    expect(await other.store.take('valued', 'b', { ttlMs: LONG })).toEqual({ holder: 'a', value: 'after' });
    expect((await other.store.take('bare', 'b', { ttlMs: LONG })).holder).toBe('b');
    expect(await store.renew('a', [{ key: 'bare', value: 'again' }], LONG)).toEqual(['bare']);
  });

  test('M9 [M9.2] an answer that comes when the lease may be over is rejected, whatever it says', async () => {
    const { store } = open();
    await store.take('k', 'a', { ttlMs: LONG });
    await server.ask((client) => client.call('CLIENT', 'PAUSE', 500, 'ALL'));
    const late = [store.take('k', 'a', { ttlMs: 200 }), store.renew('a', [{ key: 'k' }], 200)];
    for (const answer of late) await expect(answer).rejects.toThrow('over before the answer came');
  });

  test('M9 a request without an answer in time is rejected, and may have been carried out', async () => {
    const { store } = open(200);
    await store.find('k');
    await server.ask((client) => client.call('CLIENT', 'PAUSE', 600, 'ALL'));
    await expect(store.take('k', 'a', { ttlMs: LONG })).rejects.toThrow('no answer within 200 ms');
    const { store: other } = open();
    await sleep(500);
    expect((await other.take('k', 'b', { ttlMs: LONG })).holder).toBe('a');
  });

  test('M9 [M9.1] however connections break under racing nodes, no lease has two holders', async () => {
    const nodes = [open(), open(), open()].map(({ store }, n) => ({ store, name: `n${n}` }));
    const won = new Map<string, Set<string>>();
    let breaking = true;
    const breaks = (async () => {
      for (let round = 0; round < 10; round++) {
        await sleep(60);
        await server.ask((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
      }
      breaking = false;
    })();
    let rejected = 0;
    const racing = nodes.map(async ({ store, name }) => {
      for (let turn = 0; breaking; turn++) {
        const keys = Array.from({ length: 10 }, (_, n) => `k${turn}.${n}`);
        const taking = keys.map(async (key) => {
          const lease = await store.take(key, name, { ttlMs: LONG }).catch(() => undefined);
          if (lease === undefined) rejected++;
          else won.set(key, (won.get(key) ?? new Set()).add(lease.holder));
        });
        await Promise.all(taking);
        await sleep(1);
      }
    });
    await Promise.all([breaks, ...racing]);
    expect([...won.values()].filter((holders) => holders.size > 1)).toEqual([]);
    expect(won.size).toBeGreaterThan(100);
    expect(rejected).toBeGreaterThan(0);
  });

  test('M9 ten thousand leases are renewed in some dozens of calls', async () => {
    const { store } = open();
    const renewals = Array.from({ length: 10_000 }, (_, n) => ({
      key: `seat:${randomUUID()}`,
      value: `${n}`,
    }));
    expect(await store.renew('a', renewals, LONG)).toEqual([]);
    await server.ask((client) => client.config('RESETSTAT'));
    const begun = performance.now();
    expect(
      await store.renew(
        'a',
        renewals.map(({ key }) => ({ key })),
        LONG,
      ),
    ).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(1_000);
    const stats = await server.ask((client) => client.info('commandstats'));
    const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map(([, count]) => Number(count));
    expect(calls.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(64);
  });
});
