import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEAD_AFTER_MS, UNHEARD_DEAD_AFTER_MS } from '../../src/domain/failure-detection';
import { systemClock } from '../../src/memory/clock';
import { MemoryLivenessHub, MemoryNodeLiveness } from '../../src/memory/node-liveness';
import { RedisConnection } from '../../src/redis/connection';
import { RedisNodeLiveness } from '../../src/redis/liveness/redis-node-liveness';
import { ManualClock } from '../support/manual-clock';
import { describeWithRedis, RedisServer } from '../support/redis';
import { blockFor, describeNodeLiveness, realTime } from './node-liveness';

const PROGRAM = path.resolve(__dirname, '../../build/server/liveness-thread.js');

{
  const [clock, hub] = [new ManualClock(), new MemoryLivenessHub()];
  describeNodeLiveness('signs of life in memory', {
    open: (name) => Promise.resolve(new MemoryNodeLiveness(name, clock, hub)),
    pass: (ms) => clock.advance(ms),
  });
}

describeWithRedis('signs of life in Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  const errors: unknown[] = [];
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new RedisConnection({ url: server.url });
    await redis.ready();
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });
  afterEach(() => expect(errors.splice(0)).toEqual([]));

  const open = (name: string, program = PROGRAM): RedisNodeLiveness =>
    new RedisNodeLiveness({
      ...{ redis, redisUrl: server.url, clock: systemClock, program },
      self: name,
      onError: (error) => void errors.push(error),
    });

  describeNodeLiveness('sent by threads', { open: async (name) => open(name), pass: realTime });

  test('M9 a node whose event loop stands still for three seconds goes on giving signs of life', async () => {
    const [busy, other] = [randomUUID(), randomUUID()];
    const lapses: string[] = [];
    const [one, two] = [open(busy), open(other)];
    one.start({ onLapse: () => lapses.push('busy'), isWell: () => true });
    two.start({ onLapse: () => lapses.push('other'), isWell: () => true });
    await sleep(DEAD_AFTER_MS + 300);
    blockFor(3_000);
    const { watchedMs, silentMs } = await two.silences([busy]);
    expect(watchedMs).toBeGreaterThan(3_000);
    expect(silentMs(busy)).toBeLessThan(UNHEARD_DEAD_AFTER_MS);
    await sleep(300);
    expect(lapses).toEqual([]);
    await Promise.all([one.close(), two.close()]);
  });

  test('M9 a gap in which others may have declared the node dead is told, once', async () => {
    const self = randomUUID();
    const lapses: number[] = [];
    const one = open(self);
    one.start({ onLapse: () => lapses.push(performance.now()), isWell: () => true });
    await sleep(1_000);
    server.signal('SIGSTOP');
    await sleep(UNHEARD_DEAD_AFTER_MS + 1_500);
    server.signal('SIGCONT');
    await sleep(1_500);
    expect(lapses).toHaveLength(1);
    // Every sign failed for two seconds, and that is one trouble.
    expect(errors.splice(0)).toHaveLength(1);
    await one.close();
  });

  test('M9 a thread that dies is started again, and the gap is told', async () => {
    const lapses: number[] = [];
    const broken = open(randomUUID(), path.resolve(__dirname, 'no-such-program.js'));
    broken.start({ onLapse: () => lapses.push(1), isWell: () => true });
    await sleep(1_500);
    expect(errors.splice(0).length).toBeGreaterThan(1);
    expect(lapses.length).toBeGreaterThan(0);
    await broken.close();
  });
});
