import { randomUUID } from 'node:crypto';
import { RedisConnection } from '../../src/redis/connection';
import { RedisThrottle } from '../../src/redis/throttle';
import { describeWithRedis, RedisServer } from '../support/redis';
import { describeThrottle } from './throttle';

describeWithRedis('rates counted in Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new RedisConnection({ url: server.url });
    await redis.ready();
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  /** The time of Redis cannot be moved, so the buckets are made older. */
  const age = async (prefix: string, ms: number): Promise<void> => {
    for (const key of await redis.client.keys(`${prefix}*`)) await redis.client.hincrby(key, 'at', -ms);
  };

  describeThrottle('RedisThrottle', () => {
    const prefix = `${randomUUID()}:`;
    const pass = (ms: number): Promise<void> => age(prefix, ms);
    return Promise.resolve({ throttle: new RedisThrottle(redis, prefix), pass });
  });

  test('A2 nodes count together, by the time of Redis, however their own clocks are set', async () => {
    const prefix = `${randomUUID()}:`;
    const limit = { burst: 2, perSecond: 1 / 1_000 };
    const take = (throttle: RedisThrottle) => throttle.take([{ key: 'a', limit }]);
    const [one, other] = [new RedisThrottle(redis, prefix), new RedisThrottle(redis, prefix)];
    const wall = jest.spyOn(Date, 'now');
    try {
      expect(await take(one)).toBe(0);
      wall.mockReturnValue(Date.now() + 3_600_000);
      expect(await take(other)).toBe(0);
      expect(await take(one)).toBeGreaterThan(900_000);
      wall.mockReturnValue(Date.now() - 7_200_000);
      expect(await take(other)).toBeGreaterThan(900_000);
      expect(await take(other)).toBeLessThanOrEqual(1_000_000);
    } finally {
      wall.mockRestore();
    }
  });

  test('A2 after the clock of Redis was set back, a bucket fills from then on', async () => {
    const prefix = `${randomUUID()}:`;
    const throttle = new RedisThrottle(redis, prefix);
    const take = () => throttle.take([{ key: 'a', limit: { burst: 1, perSecond: 1 / 1_000 } }]);
    expect(await take()).toBe(0);
    await age(prefix, -3_600_000);
    expect(await take()).toBeGreaterThan(900_000);
    await age(prefix, 1_000_000);
    expect(await take()).toBe(0);
  });

  test('A2 rejected attempts leave no invented keys', async () => {
    const throttle = new RedisThrottle(redis, 'refused:');
    const limit = { burst: 1, perSecond: 0.001 };
    const stranger = { key: 'stranger', limit };
    await throttle.take([stranger]);
    for (let n = 0; n < 5; n++) {
      expect(await throttle.take([stranger, { key: `behind ${n}`, limit }])).toBeGreaterThan(0);
      expect(await throttle.take([{ key: `before ${n}`, limit }, stranger])).toBeGreaterThan(0);
    }
    expect(await server.ask((client) => client.keys('refused:*'))).toEqual(['refused:stranger']);
  });

  test('A2 a bucket is forgotten when it would be full again', async () => {
    const throttle = new RedisThrottle(redis, 'forgotten:');
    await throttle.take([{ key: 'a', limit: { burst: 10, perSecond: 1 } }]);
    const ms = await server.ask((client) => client.pttl('forgotten:a'));
    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThanOrEqual(2_000);
  });
});
