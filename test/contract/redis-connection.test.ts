import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { RedisBus } from '../../src/redis/bus';
import { RedisConnection } from '../../src/redis/connection';
import { describeWithRedis, RedisServer } from '../support/redis';

describeWithRedis('addresses of Redis', () => {
  let folder: string;
  let server: RedisServer;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'passerby-redis-address-'));
    server = await RedisServer.start(['--unixsocket', path.join(folder, 'redis.sock')]);
    await server.ask(async (redis) => {
      await redis.call('ACL', 'SETUSER', 'me', 'on', '>p@ss,wo/rd', '~*', '&*', '+@all');
    });
  }, 30_000);
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function connect(url: string): Promise<RedisConnection> {
    const redis = new RedisConnection({ url, onError: () => undefined });
    opened.push(redis);
    await redis.ready(5_000);
    return redis;
  }

  /** Whether the bus works over this connection, which needs a second one like it. */
  async function carriesBus(redis: RedisConnection): Promise<boolean> {
    const self = `node-${Math.random()}`;
    const bus = new RedisBus({ redis, clock: systemClock, self });
    opened.push(bus);
    const heard = new Promise<string>((resolve) => {
      void bus.listen({ text: resolve, restored: () => undefined }).then(() => bus.send(self, 'hello'));
    });
    return (await heard) === 'hello';
  }

  test('O1 a user and a password with signs in them are sent as they are meant', async () => {
    const redis = await connect(`redis://me:p%40ss%2Cwo%2Frd@127.0.0.1:${server.port}`);
    expect(await redis.client.call('ACL', 'WHOAMI')).toBe('me');
  });

  test('O1 the database of the address is used', async () => {
    const redis = await connect(`${server.url}?db=5`);
    await redis.client.set('in five', '1');
    expect(await server.ask(async (plain) => plain.select(5).then(() => plain.get('in five')))).toBe('1');
  });

  test('O1 a node speaks with Redis through a Unix socket', async () => {
    const redis = await connect(`unix://me:p%40ss%2Cwo%2Frd@${path.join(folder, 'redis.sock')}?db=3`);
    expect(await redis.client.call('ACL', 'WHOAMI')).toBe('me');
    expect(await carriesBus(redis)).toBe(true);
  });

  describe('of sentinels', () => {
    let child: ChildProcess;
    let port: number;

    beforeAll(async () => {
      port = server.port + 5_000;
      const file = path.join(folder, 'sentinel.conf');
      await writeFile(
        file,
        [
          ...[`port ${port}`, 'bind 127.0.0.1', 'requirepass sentinel-word'],
          `sentinel monitor our-primary 127.0.0.1 ${server.port} 1`,
        ].join('\n'),
      );
      child = spawn(process.env['REDIS_SERVER_BIN'] ?? 'redis-server', [file, '--sentinel'], {
        stdio: 'ignore',
      });
      await wait(300);
    });
    afterAll(async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    });

    test('O1 a node finds the primary by the sentinels, and its bus as well', async () => {
      const redis = await connect(
        `redis+sentinel://127.0.0.1:1,127.0.0.1:${port}/our-primary/4?sentinelPassword=sentinel-word`,
      );
      await redis.client.set('by sentinel', '1');
      expect(await server.ask(async (plain) => plain.select(4).then(() => plain.get('by sentinel')))).toBe(
        '1',
      );
      expect(await carriesBus(redis)).toBe(true);
    }, 15_000);
  });
});
