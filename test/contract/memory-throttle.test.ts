import { MemoryThrottle } from '../../src/memory/throttle';
import { ManualClock } from '../support/manual-clock';
import { describeThrottle } from './throttle';

describeThrottle('MemoryThrottle', () => {
  const clock = new ManualClock();
  return Promise.resolve({ throttle: new MemoryThrottle(clock), pass: (ms) => clock.advance(ms) });
});

test('A2 a throttle is as strict as before after the clock of the machine was set', async () => {
  for (const ms of [-3_600_000, 3_600_000]) {
    const clock = new ManualClock();
    const throttle = new MemoryThrottle(clock);
    const take = () => throttle.take([{ key: 'a', limit: { burst: 1, perSecond: 1 / 60 } }]);
    expect(await take()).toBe(0);
    clock.jump(ms);
    expect(await take()).toBe(60_000);
    await clock.advance(60_000);
    expect(await take()).toBe(0);
  }
});

test('A2 a throttle keeps no more keys than it may; the one not used for longest is full again', async () => {
  const throttle = new MemoryThrottle(new ManualClock(), 2);
  const limit = { burst: 1, perSecond: 0.001 };
  const take = (key: string): Promise<number> => throttle.take([{ key, limit }]);
  await take('a');
  await take('b');
  expect(await take('a')).toBeGreaterThan(0);
  await take('c');
  expect(await take('a')).toBeGreaterThan(0);
  expect(await take('b')).toBe(0);
});

test('A2 invented keys beside an empty bucket do not drop other buckets', async () => {
  const throttle = new MemoryThrottle(new ManualClock(), 2);
  const limit = { burst: 1, perSecond: 0.001 };
  await throttle.take([{ key: 'stranger', limit }]);
  await throttle.take([{ key: 'owner', limit }]);
  for (let n = 0; n < 5; n++) {
    const madeUp = { key: `made up ${n}`, limit };
    expect(await throttle.take([{ key: 'stranger', limit }, madeUp])).toBeGreaterThan(0);
  }
  expect(await throttle.take([{ key: 'owner', limit }])).toBeGreaterThan(0);
});

test('A2 a throttle drops buckets that are full again, and no others', async () => {
  const clock = new ManualClock();
  const throttle = new MemoryThrottle(clock);
  const soon = { burst: 3, perSecond: 1 };
  const late = { burst: 1, perSecond: 1 / 3_600 };
  for (let n = 0; n < 500; n++) await throttle.take([{ key: `soon ${n}`, limit: soon }]);
  for (let n = 0; n < 50; n++) await throttle.take([{ key: `late ${n}`, limit: late }]);
  await clock.advance(60_000);
  for (let n = 0; n < 400; n++) throttle.takeNow([{ key: 'busy', limit: { burst: 1_000, perSecond: 1 } }]);
  expect(throttle.size).toBe(51);
  for (let n = 0; n < 50; n++)
    expect(throttle.takeNow([{ key: `late ${n}`, limit: late }])).toBeGreaterThan(0);
});
