import { randomUUID } from 'node:crypto';
import { RedisConnection } from '../../src/redis/connection';
import { RedisThrottle } from '../../src/redis/throttle';
import { ManualClock } from '../support/manual-clock';
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

  describeThrottle('RedisThrottle', (clock) =>
    Promise.resolve(new RedisThrottle(redis, clock, `${randomUUID()}:`)),
  );

  test('A2 nodes count together, and one whose clock is behind gives nothing back', async () => {
    const prefix = `${randomUUID()}:`;
    const limit = { burst: 2, perSecond: 1 };
    const ahead = new RedisThrottle(redis, new ManualClock(1_000_060_000), prefix);
    const behind = new RedisThrottle(redis, new ManualClock(1_000_000_000), prefix);
    const take = (throttle: RedisThrottle) => throttle.take([{ key: 'a', limit }]);
    expect(await take(ahead)).toBe(0);
    expect(await take(behind)).toBe(0);
    expect(await take(ahead)).toBe(1_000);
    expect(await take(behind)).toBe(1_000);
  });

  test('A2 rejected attempts leave no invented keys', async () => {
    const throttle = new RedisThrottle(redis, new ManualClock(), 'refused:');
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
    const throttle = new RedisThrottle(redis, new ManualClock(), 'forgotten:');
    await throttle.take([{ key: 'a', limit: { burst: 10, perSecond: 1 } }]);
    const ms = await server.ask((client) => client.pttl('forgotten:a'));
    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThanOrEqual(2_000);
  });
});
