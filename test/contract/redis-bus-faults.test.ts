import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Clock } from '../../src/app/ports/clock';
import { systemClock } from '../../src/memory/clock';
import { RedisBus } from '../../src/redis/bus';
import { RedisConnection } from '../../src/redis/connection';
import { RedisUnavailable } from '../../src/redis/unavailable';
import { eventually } from '../support/eventually';
import { ManualClock } from '../support/manual-clock';
import { describeWithRedis, RedisClusterServers, RedisServer } from '../support/redis';

const deaf = { text: () => undefined, restored: () => undefined };

/** A bus on its own connection, and what it has received. */
class Node {
  readonly heard: string[] = [];
  restored = 0;
  readonly redis: RedisConnection;
  readonly bus: RedisBus;

  constructor(url: string, self: string, prefix: string, options: { clock?: Clock; answerMs?: number } = {}) {
    this.redis = new RedisConnection({ url, answerMs: options.answerMs });
    this.bus = new RedisBus({ redis: this.redis, clock: options.clock ?? systemClock, self, prefix });
  }

  async listen(): Promise<this> {
    await this.bus.listen({
      text: (text) => void this.heard.push(text),
      restored: () => void this.restored++,
    });
    return this;
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.redis.close();
  }
}

describeWithRedis('the bus in Redis when something fails', () => {
  let server: RedisServer;
  let prefix: string;
  const nodes: Node[] = [];
  const make = (self: string, options: { clock?: Clock; answerMs?: number } = {}): Node => {
    const node = new Node(server.url, self, prefix, options);
    nodes.push(node);
    return node;
  };
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(() => {
    prefix = `test:${randomUUID()}:`;
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
  });
  afterAll(async () => server.stop());

  test('V8 S4 killed and started again: sending is rejected meanwhile, and then the bus recovers by itself', async () => {
    const [a, b] = [await make('a').listen(), await make('b').listen()];
    await a.bus.send('b', 'before');
    await eventually(() => b.heard.length === 1);
    await server.kill();
    await eventually(() => a.redis.health === 'down');
    await expect(a.bus.send('b', 'away')).rejects.toThrow(RedisUnavailable);
    await expect(a.bus.sendToAll('away')).rejects.toThrow(RedisUnavailable);
    await sleep(600);
    expect([a.restored, b.restored]).toEqual([0, 0]);
    await server.run();
    await eventually(() => a.restored === 1 && b.restored === 1);
    await a.bus.send('b', 'after');
    await b.bus.sendToAll('and back');
    await eventually(() => a.heard.length === 1 && b.heard.length === 3);
    expect(a.heard).toEqual(['and back']);
    expect(b.heard).toEqual(['before', 'after', 'and back']);
    expect([a.restored, b.restored]).toEqual([1, 1]);
  });

  test('V8 a subscription that is cut is back at once, each time', async () => {
    const [a, b] = [await make('a').listen(), await make('b').listen()];
    for (let round = 1; round <= 5; round++) {
      const begun = performance.now();
      await server.ask((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
      await eventually(() => a.restored === round && b.restored === round);
      expect(performance.now() - begun).toBeLessThan(2_000);
      await a.bus.send('b', `${round}`);
      await eventually(() => b.heard.length === round);
    }
    expect(b.heard).toEqual(['1', '2', '3', '4', '5']);
  });

  test('V8 S4 [V8.1] however connections break under load, nothing comes twice or out of its order', async () => {
    const [a, b, c] = [await make('a').listen(), await make('b').listen(), await make('c').listen()];
    let breaking = true;
    const breaks = (async () => {
      for (let round = 0; round < 12; round++) {
        await sleep(80);
        const type = round % 2 ? 'normal' : 'pubsub';
        await server.ask((client) => client.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes'));
      }
      breaking = false;
    })();
    let rejected = 0;
    const talking = [a, b].map(async ({ bus }) => {
      for (let n = 1; breaking; n++) {
        const text = `${bus.self} ${n}`;
        const sent = n % 5 === 0 ? bus.sendToAll(text) : bus.send('c', text);
        // Not awaited: later texts have to stay behind it all the same.
        sent.catch(() => void rejected++);
        if (n % 50 === 0) await sleep(1);
      }
    });
    await Promise.all([breaks, ...talking]);
    await eventually(async () => {
      await a.bus.sendToAll('the end').catch(() => undefined);
      return [a, b, c].every(({ heard }) => heard.includes('the end'));
    });
    for (const sender of ['a', 'b']) {
      const numbers = c.heard
        .filter((text) => text.startsWith(`${sender} `))
        .map((text) => Number(text.slice(2)));
      expect(numbers.length).toBeGreaterThan(500);
      expect(numbers).toEqual([...new Set(numbers)].sort((x, y) => x - y));
    }
    expect(rejected).toBeGreaterThan(0);
    expect(c.restored).toBeGreaterThan(0);
  });

  test('V8 a connection that hangs without breaking is found out about', async () => {
    const clock = new ManualClock();
    const [a, b] = [await make('a').listen(), make('b', { clock, answerMs: 300 })];
    const connections: Redis[] = [];
    const connectTo = b.redis.connectTo.bind(b.redis);
    b.redis.connectTo = (owner) => {
      const connection = connectTo(owner);
      connections.push(connection);
      return connection;
    };
    await b.listen();
    connections[0]?.stream.pause();
    await a.bus.send('b', 'unheard');
    await clock.advance(5_000);
    await sleep(100);
    expect(b.restored).toBe(0);
    // Two probes are not received, and the first attempt to recover gets no answer.
    for (let n = 0; n < 50 && b.restored === 0; n++) {
      await clock.advance(500);
      await sleep(50);
    }
    expect(b.restored).toBe(1);
    expect(connections.length).toBe(2);
    await a.bus.send('b', 'heard');
    await eventually(() => b.heard.length === 1);
    expect(b.heard).toEqual(['heard']);
  });

  test('V8 a quiet bus that is whole is left alone', async () => {
    const clock = new ManualClock();
    const a = await make('a', { clock }).listen();
    for (let n = 0; n < 5; n++) {
      await clock.advance(5_000);
      await sleep(50);
    }
    expect(a.restored).toBe(0);
    await a.close();
    expect(clock.pending).toBe(0);
  });

  test('V8 a send without an answer in time is rejected, and the text is not sent again', async () => {
    const a = await make('a', { answerMs: 200 }).listen();
    await server.ask((client) => client.call('CLIENT', 'PAUSE', 600, 'ALL'));
    await expect(a.bus.send('a', 'late')).rejects.toThrow('no answer within 200 ms');
    await sleep(700);
    await a.bus.send('a', 'next');
    await eventually(() => a.heard.includes('next'));
    expect(a.heard).toEqual(['late', 'next']);
  });

  test('V8 without Redis a bus cannot be listened to, and can be when Redis is there', async () => {
    await server.kill();
    const a = make('a');
    await expect(a.listen()).rejects.toThrow(RedisUnavailable);
    await server.run();
    await a.redis.ready();
    await a.listen();
    await a.bus.send('a', 'x');
    await eventually(() => a.heard.length === 1);
    expect(a.restored).toBe(0);
  });

  test('V8 a bus that is closed while it recovers stays closed', async () => {
    const [a, b] = [await make('a').listen(), make('b')];
    await server.kill();
    await sleep(100);
    await a.bus.close();
    const listening = b.bus.listen(deaf);
    await b.bus.close();
    await expect(listening).rejects.toThrow();
    await server.run();
    await a.redis.ready();
    await sleep(700);
    expect(a.restored).toBe(0);
    expect(await server.ask((client) => client.call('PUBSUB', 'SHARDCHANNELS'))).toEqual([]);
  });

  test('V8 a foreign message is ignored', async () => {
    const a = await make('a').listen();
    await server.ask((client) => client.spublish(`${prefix}{bus}:node:a`, 'nonsense'));
    await a.bus.send('a', 'sense');
    await eventually(() => a.heard.length > 0);
    expect(a.heard).toEqual(['sense']);
  });
});

describeWithRedis('the bus in a Redis Cluster when something fails', () => {
  let servers: RedisClusterServers;
  const nodes: Node[] = [];
  const node = async (self: string): Promise<Node> => {
    const made = new Node(servers.url, self, 'test:');
    nodes.push(made);
    await made.redis.ready();
    return made.listen();
  };
  /** The server that holds the bus's channels now, and another one. */
  const ownerAndOther = async (): Promise<[RedisServer, RedisServer]> => {
    const here: RedisServer[] = [];
    const elsewhere: RedisServer[] = [];
    for (const server of servers.servers) {
      const channels = await server.ask((client) => client.call('PUBSUB', 'SHARDCHANNELS'));
      (Array.isArray(channels) && channels.length > 0 ? here : elsewhere).push(server);
    }
    const [[owner], [other]] = [here, elsewhere];
    if (owner === undefined || other === undefined || here.length !== 1)
      throw new Error('no server has the bus');
    return [owner, other];
  };
  beforeAll(async () => {
    servers = await RedisClusterServers.start();
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((made) => made.close()));
  });
  afterAll(async () => servers.stop());

  test('V8 S4 its slot moves to another server: the bus moves along by itself', async () => {
    const [a, b] = [await node('a'), await node('b')];
    const [owner, other] = await ownerAndOther();
    const id = async (server: RedisServer) => String(await server.ask((client) => client.cluster('MYID')));
    const [ownerId, otherId] = [await id(owner), await id(other)];
    const slot = await owner.ask((client) => client.cluster('KEYSLOT', '{bus}'));
    await other.ask((client) => client.cluster('SETSLOT', slot, 'IMPORTING', ownerId));
    await owner.ask((client) => client.cluster('SETSLOT', slot, 'MIGRATING', otherId));
    await a.bus.send('b', 'before');
    await eventually(() => b.heard.length === 1);
    for (const server of [other, owner]) {
      await server.ask((client) => client.cluster('SETSLOT', slot, 'NODE', otherId));
    }
    const sent: string[] = [];
    await eventually(async () => {
      const text = `${sent.push(String(sent.length))}`;
      await a.bus.send('b', text).catch(() => undefined);
      return a.restored > 0 && b.restored > 0;
    });
    const heard = b.heard.slice(1).map(Number);
    expect(heard).toEqual([...new Set(heard)].sort((x, y) => x - y));
    await a.bus.send('b', 'there');
    await eventually(() => b.heard.at(-1) === 'there');
    expect((await ownerAndOther())[0].port).toBe(other.port);
  });

  test('V8 S4 its server is killed and started again', async () => {
    const [a, b] = [await node('a'), await node('b')];
    const [owner] = await ownerAndOther();
    await owner.kill();
    await expect(a.bus.send('b', 'away')).rejects.toThrow(RedisUnavailable);
    await sleep(500);
    await owner.run();
    await eventually(() => a.restored > 0 && b.restored > 0, 40_000);
    await eventually(async () => {
      await a.bus.send('b', 'again').catch(() => undefined);
      return b.heard.includes('again');
    });
    expect(b.heard.filter((text) => text === 'away')).toEqual([]);
  });
});
