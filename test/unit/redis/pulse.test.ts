import type { RedisConnection } from '../../../src/redis/connection';
import { RedisPulse } from '../../../src/redis/pulse';
import { ManualClock, settle } from '../../support/manual-clock';

function scene() {
  const clock = new ManualClock();
  const changes: boolean[] = [];
  const asked: { answer: () => void; fail: () => void }[] = [];
  const redis: { health: 'up' | 'down'; client: unknown } = {
    health: 'up',
    client: {
      ping: () =>
        new Promise<string>((answer, fail) => {
          asked.push({ answer: () => answer('PONG'), fail: () => fail(new Error('the connection broke')) });
        }),
    },
  };
  const pulse = new RedisPulse({
    redis: redis as unknown as RedisConnection,
    clock,
    changed: (isSilent) => changes.push(isSilent),
  });
  return { clock, changes, asked, redis, pulse };
}

test('O1 a Redis that answers nothing hangs within 3 s, which is told once, and so is its return', async () => {
  const { clock, changes, asked, pulse } = scene();
  await clock.advance(500);
  asked[0]?.answer();
  await clock.advance(2_500);
  expect(pulse.isSilent).toBe(true);
  await clock.advance(30_000);
  // No further request waits behind the one that hangs.
  expect(asked).toHaveLength(2);
  asked[1]?.answer();
  await clock.advance(500);
  expect(changes).toEqual([true, false]);
  pulse.close();
  expect(clock.pending).toBe(0);
});

test('O1 a connection that breaks while Redis hangs is no return; one that is whole again is', async () => {
  const { clock, changes, asked, redis, pulse } = scene();
  await clock.advance(2_500);
  expect(changes).toEqual([true]);
  redis.health = 'down';
  asked[0]?.fail();
  await settle();
  await clock.advance(5_000);
  expect(changes).toEqual([true]);
  redis.health = 'up';
  await clock.advance(500);
  expect(changes).toEqual([true, false]);
  pulse.close();
});

test('O1 a Redis that answers each time in its time does not hang', async () => {
  const { clock, changes, asked, pulse } = scene();
  for (let beat = 0; beat < 20; beat++) {
    await clock.advance(500);
    if (beat % 2 === 1) asked.at(-1)?.answer();
  }
  expect(changes).toEqual([]);
  pulse.close();
});
