import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TicketEvent } from '../../src/app/matchmaking/ticket-store';
import { shardName, shardOf } from '../../src/domain/pairing';
import { systemClock } from '../../src/memory/clock';
import { RedisConnection } from '../../src/redis/connection';
import { RedisTicketStore } from '../../src/redis/ticket-store';
import { describeWithRedis, RedisServer } from '../support/redis';
import { RedisTickets } from '../support/redis-tickets';
import { bundleRedisNode, RedisNodeProcess } from '../support/redis-node-process';
import { ELAPSED_AT_START } from '../support/manual-clock';
import { ticket } from '../support/tickets';

const SHARD = shardName(shardOf(ticket('anyone')));
const T0 = ELAPSED_AT_START;
const LIMITS = { staleMs: 1_000, maxAgeMs: 3_600_000 };

/** The tickets that wait by a follower's knowledge, and contradictory events that it got. */
async function followed(store: RedisTicketStore) {
  const waiting = new Set<string>();
  const wrong: string[] = [];
  await store.follow(SHARD, ({ kind, ticket: { id } }: TicketEvent) => {
    if (kind === 'added' ? waiting.has(id) : !waiting.has(id)) wrong.push(`${kind} ${id}`);
    if (kind === 'added') waiting.add(id);
    else waiting.delete(id);
  });
  return { waiting, wrong };
}

async function eventually(what: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const until = Date.now() + withinMs; !(await what());) {
    if (Date.now() > until) throw new Error('the condition did not hold in time');
    await sleep(20);
  }
}

describeWithRedis('tickets in Redis when something fails', () => {
  let server: RedisServer;
  let prefix: string;
  const tickets: RedisTickets[] = [];
  const open = (): { store: RedisTicketStore; redis: RedisConnection } => {
    const made = new RedisTickets(server.url);
    tickets.push(made);
    return { store: made.store(prefix), redis: made.redis };
  };
  const waitingInRedis = async (): Promise<string[]> =>
    server.ask(async (redis) => redis.hkeys(`${prefix}{${SHARD}}:tickets`));
  const entries = (): Promise<Record<string, string>> =>
    server.ask((redis) => redis.hgetall(`${prefix}{peers.0}:tickets`));

  beforeAll(async () => {
    server = await RedisServer.start(['--appendonly', 'yes', '--appendfsync', 'always']);
    await bundleRedisNode();
  });
  beforeEach(() => {
    prefix = `test:${randomUUID()}:`;
  });
  afterEach(async () => {
    await Promise.all(tickets.splice(0).map((made) => made.close()));
  });
  afterAll(async () => server.stop());

  test('M7 foreign data among the keys is reported, and keeps no ticket from waiting or being claimed', async () => {
    const errors: unknown[] = [];
    const redis = new RedisConnection({ url: server.url });
    const store = new RedisTicketStore({
      redis,
      clock: systemClock,
      prefix,
      onError: (error) => errors.push(error),
    });
    const { waiting, wrong } = await followed(store);
    await store.add(ticket('one'));
    await server.ask(async (client) => {
      await client.sadd(`${prefix}shards`, 'no{name', ' ', '');
      await client.set(`${prefix}{${SHARD}}:position`, 'rubbish');
      await client.hset(`${prefix}{${SHARD}}:tickets`, 'a', '{', 'b', '[]', 'c', 'null');
      await client.hset(`${prefix}{peers.0}:tickets`, 'd', 'rubbish', 'e', 'x\ny\nno{name');
    });
    expect(await store.add(ticket('other'))).toBe(true);
    expect(await store.shards()).toEqual([SHARD]);
    for (let sweep = 0; sweep < 3; sweep += 1) expect(await store.expire(T0, LIMITS)).toEqual([]);
    await eventually(() => waiting.size === 2);
    expect(await store.claim([[ticket('one'), ticket('other')]])).toEqual([true]);
    await eventually(() => waiting.size === 0);
    expect(wrong).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
    await store.close();
    await redis.close();
  });

  describe('a process that dies', () => {
    test('M6 between the two steps of adding delays its peer only for a moment', async () => {
      const dying = new RedisNodeProcess('half-add', server.url, prefix);
      await dying.says('taken');
      await dying.kill();
      expect(Object.keys(await entries())).toEqual(['p']);
      const { store } = open();
      const begun = Date.now();
      expect(await store.add(ticket('p', { id: 'new' }))).toBe(true);
      expect(Date.now() - begun).toBeLessThan(2_000);
      expect(await waitingInRedis()).toEqual(['new']);
      expect(await store.add(ticket('p', { id: 'third' }))).toBe(false);
    });

    test('M6 there leaves nothing behind of a peer that never comes back', async () => {
      const dying = new RedisNodeProcess('half-add', server.url, prefix);
      await dying.says('taken');
      await dying.kill();
      const { store } = open();
      await store.add(ticket('other'));
      await store.expire(T0, LIMITS);
      await store.expire(T0 + 1, LIMITS);
      expect(Object.keys(await entries())).toEqual(['other']);
      expect(await waitingInRedis()).toEqual(['t-other']);
    });

    test('M7 [M7.3] however many nodes race and are killed, no ticket is matched twice and no peer waits twice', async () => {
      const nodes = [1, 2, 3].map(() => new RedisNodeProcess('node', server.url, prefix));
      let audits = 0;
      let auditing = true;
      const audit = (async () => {
        while (auditing) {
          const rows = await server.ask((redis) => redis.hvals(`${prefix}{${SHARD}}:tickets`));
          const people = rows.map((row) => /^\["[^"]+","([^"]+)"/.exec(row)?.[1]);
          expect(new Set(people).size).toBe(people.length);
          audits++;
          await sleep(20);
        }
      })();
      for (const victim of [0, 1]) {
        await nodes[victim]?.says('pair', 100);
        await nodes[victim]?.kill();
        nodes.push(new RedisNodeProcess('node', server.url, prefix));
      }
      for (const node of nodes.slice(2)) await node.says('pair', 100);
      await Promise.all(nodes.slice(2).map((node) => node.finish()));
      auditing = false;
      await audit;

      const lines = nodes.flatMap((node) => node.lines);
      const matched = lines
        .filter((line) => line.startsWith('pair '))
        .flatMap((line) => line.split(' ').slice(1));
      expect(new Set(matched).size).toBe(matched.length);
      expect(matched.length).toBeGreaterThan(1_000);
      expect(audits).toBeGreaterThan(10);
      // A waiting ticket is not matched, and since all these peers may meet, at most one is left over.
      const waiting = await waitingInRedis();
      expect(waiting.filter((id) => matched.includes(id))).toEqual([]);
      expect(waiting.length).toBeLessThanOrEqual(1);
      // No other entry stays: two sweeps at the latest repair the claims of killed nodes.
      const { store } = open();
      await store.expire(systemClock.elapsed(), LIMITS);
      await store.expire(systemClock.elapsed(), LIMITS);
      expect(Object.keys(await entries())).toHaveLength(waiting.length);
    }, 90_000);
  });

  describe('a process that is slow', () => {
    test('M6 between the two steps of adding does not put its ticket beside a later one', async () => {
      const slow = open();
      const quick = open();
      const put = slow.redis.client.putTickets.bind(slow.redis.client);
      let goOn: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (goOn = resolve));
      slow.redis.client.putTickets = (...args) => held.then(() => put(...args));
      const slowly = slow.store.add(ticket('p', { id: 'slow' }));
      await eventually(async () => 'p' in (await entries()));
      expect(await quick.store.add(ticket('p', { id: 'quick' }))).toBe(true);
      goOn();
      expect(await slowly).toBe(false);
      expect(await waitingInRedis()).toEqual(['quick']);
    });

    test('M7 a lost answer does not put back a ticket that was claimed meanwhile', async () => {
      const { store, redis } = open();
      const put = redis.client.putTickets.bind(redis.client);
      redis.client.putTickets = async (...args) => {
        await put(...args);
        throw new Error('the answer was lost');
      };
      await expect(store.add(ticket('a'))).rejects.toThrow('the answer was lost');
      redis.client.putTickets = put;
      // It was unknown whether it was added, so it is taken out again and its peer is free.
      await eventually(async () => (await waitingInRedis()).length === 0);
      await eventually(async () => !('a' in (await entries())));
      expect(await store.add(ticket('a', { id: 'again' }))).toBe(true);
    });
  });

  describe('a connection that breaks', () => {
    test('M7 under load loses and invents no ticket', async () => {
      const [one, other] = [open().store, open().store];
      const followers = [await followed(one), await followed(other)];
      const won: string[] = [];
      let breaking = true;
      const breaks = (async () => {
        for (let round = 0; round < 12; round++) {
          await sleep(100);
          await server.ask((redis) => redis.call('CLIENT', 'KILL', 'TYPE', round % 2 ? 'normal' : 'pubsub'));
        }
        breaking = false;
      })();
      const work = [one, other].map(async (store, index) => {
        for (let turn = 0; breaking || turn < 50; turn++) {
          const added = [1, 2, 3].map((n) => ticket(`${index}-${turn}-${n}`));
          await Promise.all(added.map((each) => store.add(each).catch(() => undefined)));
          const claims = [added.slice(0, 2)];
          const answers = await store.claim(claims).catch(() => []);
          if (answers[0] === true) won.push(...added.slice(0, 2).map(({ id }) => id));
          await sleep(1);
        }
      });
      await Promise.all([breaks, ...work]);
      await eventually(async () => {
        await one.expire(T0, LIMITS);
        const waiting = (await waitingInRedis()).sort();
        return followers.every(
          (each) => JSON.stringify([...each.waiting].sort()) === JSON.stringify(waiting),
        );
      });
      const waiting = await waitingInRedis();
      expect(new Set(won).size).toBe(won.length);
      expect(won.filter((id) => waiting.includes(id))).toEqual([]);
      expect(followers.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(won.length).toBeGreaterThan(20);
    });

    test('M5 a missed change is found by the audit', async () => {
      const { store } = open();
      await store.add(ticket('a'));
      await store.add(ticket('b'));
      const { waiting, wrong } = await followed(store);
      await server.ask(async (redis) => {
        const base = `${prefix}{${SHARD}}:`;
        await redis.hdel(`${base}tickets`, 't-a');
        await redis.zrem(`${base}since`, 't-a');
        await redis.set(`${base}position`, '77.unheard');
      });
      await eventually(() => !waiting.has('t-a'));
      expect([...waiting]).toEqual(['t-b']);
      await store.add(ticket('c'));
      await eventually(() => waiting.has('t-c'));
      expect(wrong).toEqual([]);
    });
  });

  describe('a Redis that is slow or away', () => {
    test('M7 slow: a request is answered late, and carried out once', async () => {
      const { store } = open();
      const { waiting } = await followed(store);
      await server.ask((redis) => redis.call('CLIENT', 'PAUSE', 800, 'ALL'));
      const begun = Date.now();
      expect(await Promise.all([store.add(ticket('a')), store.add(ticket('b'))])).toEqual([true, true]);
      expect(Date.now() - begun).toBeGreaterThan(400);
      expect(await store.claim([[ticket('a'), ticket('b')]])).toEqual([true]);
      expect([...waiting]).toEqual([]);
    });

    test('M6 slower than the time limit: a request without an answer leaves no ticket behind', async () => {
      const redis = new RedisConnection({ url: server.url, answerMs: 200 });
      const store = new RedisTicketStore({ redis, prefix, clock: systemClock });
      await store.add(ticket('there'));
      await server.ask((client) => client.call('CLIENT', 'PAUSE', 1_000, 'ALL'));
      await expect(store.add(ticket('a'))).rejects.toThrow('no answer within 200 ms');
      await sleep(1_200);
      await store.expire(T0, LIMITS);
      await eventually(async () => !('a' in (await entries())));
      expect(await waitingInRedis()).toEqual(['t-there']);
      expect(await store.add(ticket('a', { id: 'again' }))).toBe(true);
      await redis.close();
    });

    test('M7 killed and started again with its file: all that was answered still holds', async () => {
      const { store, redis } = open();
      const { waiting, wrong } = await followed(store);
      const people = Array.from({ length: 40 }, (_, index) => ticket(`k${index}`));
      for (const each of people) await store.add(each);
      const pairs = people.slice(0, 20).map((each, index) => [each, people[20 + index] ?? each]);
      const answered = await store.claim(pairs.slice(0, 10));
      const cut = store.claim(pairs.slice(10, 15)).catch(() => 'unknown');
      await server.kill();
      await cut;
      await eventually(() => redis.health === 'down');
      await expect(store.add(ticket('late'))).rejects.toThrow(/^Redis: /);
      await server.run();
      await redis.ready();
      expect(answered).toEqual(pairs.slice(0, 10).map(() => true));
      expect(await store.claim(pairs.slice(0, 10))).toEqual(pairs.slice(0, 10).map(() => false));
      expect(await store.claim(pairs.slice(15))).toEqual(pairs.slice(15).map(() => true));
      await eventually(async () => {
        const left = (await waitingInRedis()).sort();
        return JSON.stringify([...waiting].sort()) === JSON.stringify(left);
      });
      await store.add(ticket('after'));
      await eventually(() => waiting.has('t-after'));
      expect(wrong).toEqual([]);
    }, 60_000);

    test('M5 that has lost everything: only waiting peers are offered, and matching goes on', async () => {
      const { store, redis } = open();
      const { waiting, wrong } = await followed(store);
      for (let index = 0; index < 10; index++) await store.add(ticket(`f${index}`));
      await eventually(() => waiting.size === 10);
      await server.ask((client) => client.flushall());
      await redis.ready();
      expect(await store.add(ticket('f1', { id: 'again' }))).toBe(true);
      await eventually(() => waiting.size === 1 && waiting.has('again'));
      expect(await store.touch([ticket('f0')], T0)).toEqual(['t-f0']);
      expect(wrong).toEqual([]);
    });
  });

  test('M9 all keys of a shard carry its name as their hash tag', async () => {
    const { store } = open();
    await store.add(ticket('a'));
    await store.add(ticket('b', { mode: 'text' }));
    const keys = await server.ask((redis) => redis.keys(`${prefix}*`));
    const tags = keys.map((key) => /\{(.*)\}/.exec(key)?.[1]).filter((tag) => tag !== undefined);
    expect(new Set(tags)).toEqual(new Set([SHARD, 'text.local.standard', 'peers.0']));
    await expect(store.count('no}tag')).rejects.toThrow('hash tag');
  });
});
