import { GUEST_LIFE_MS, type Guest } from '../../src/app/accounts/ports/guest-store';
import { RedisConnection } from '../../src/redis/connection';
import { RedisGuestStore } from '../../src/redis/guest-store';
import { describeWithRedis, RedisClusterServers, RedisServer } from '../support/redis';
import { guestAt } from '../support/guests';
import { describeGuestStore } from './guest-store';

const guest = (sessionId: string, lastSeen: number): Guest => guestAt(lastSeen, sessionId);

describeWithRedis('guests in one Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  const open = async () => {
    await server.ask((client) => client.flushall());
    return new RedisGuestStore(redis);
  };
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new RedisConnection({ url: server.url });
    await redis.ready();
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  describeGuestStore('RedisGuestStore', open);

  test('A1 a guest is JSON under guest:{sessionId}, which Redis forgets after 7200 seconds', async () => {
    const guests = await open();
    await guests.add(guest('abc', 1_000));
    await server.ask(async (client) => {
      expect(JSON.parse((await client.get('guest:abc')) ?? '')).toEqual(guest('abc', 1_000));
      expect(await client.ttl('guest:abc')).toBe(7200);
      await client.expire('guest:abc', 5);
    });
    await guests.use('abc', 2_000);
    expect(await server.ask((client) => client.ttl('guest:abc'))).toBe(7200);
    await server.ask((client) => client.expire('guest:abc', 5));
    await guests.change('abc', { inChat: true }, 3_000);
    expect(await server.ask((client) => client.ttl('guest:abc'))).toBe(7200);
  });

  test('A1 the count becomes right again, whatever of it was lost or left over', async () => {
    const guests = await open();
    const now = 1_700_000_000_000;
    await guests.add(guest('here', now));
    await guests.add(guest('forgotten', now));
    await server.ask(async (client) => {
      // Redis has forgotten one guest by itself; a process died before it had written the other one to the index.
      await client.del('guest:forgotten');
      await client.zrem('passerby:guests', 'here');
    });
    await guests.use('here', now + 1_000);
    await guests.expire(now + GUEST_LIFE_MS);
    expect(await guests.count()).toBe(1);
    expect(await guests.use('here', now + GUEST_LIFE_MS)).not.toBeNull();
  });

  test.each(['{', '[]', 'null', '{"lastSeen":"now"}', '{"lastSeen":1000}'])(
    'A1 %s in place of a guest is reported once at most, and blocks no request afterwards',
    async (rubbish) => {
      const guests = await open();
      await server.ask((client) => client.set('guest:abc', rubbish));
      const used = await guests.use('abc', 1_000).catch((error: unknown) => error);
      if (used !== null) expect(used).toMatchObject({ code: 'node_unreachable' });
      expect(await guests.use('abc', 1_000)).toBeNull();
      expect(await guests.add(guest('abc', 1_000))).toBe(true);
      expect(await guests.use('abc', 2_000)).toMatchObject({ id: guest('abc', 0).id });
    },
  );

  test('A1 a guest that was used stays, though the index has it as expired', async () => {
    const guests = await open();
    const now = 1_700_000_000_000;
    await guests.add(guest('a', now));
    await server.ask((client) => client.zadd('passerby:guests', now - GUEST_LIFE_MS, 'a'));
    expect(await guests.expire(now)).toBe(0);
    expect(await guests.count()).toBe(1);
    expect(await guests.use('a', now)).not.toBeNull();
  });

  test('A1 a record that cannot be read is an error, not a guest', async () => {
    const guests = await open();
    await server.ask((client) => client.set('guest:bad', JSON.stringify({ lastSeen: 1 })));
    await expect(guests.use('bad', 2)).rejects.toThrow();
  });
});

describeWithRedis('guests in a Redis Cluster', () => {
  let servers: RedisClusterServers;
  let redis: RedisConnection;
  beforeAll(async () => {
    servers = await RedisClusterServers.start();
    redis = new RedisConnection({ url: servers.url });
    await redis.ready();
  });
  afterAll(async () => {
    await redis.close();
    await servers.stop();
  });

  describeGuestStore('RedisGuestStore', async () => {
    for (const server of servers.servers) await server.ask((client) => client.flushall());
    return new RedisGuestStore(redis);
  });
});
