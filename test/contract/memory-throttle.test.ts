import { MemoryThrottle } from '../../src/memory/throttle';
import { ManualClock } from '../support/manual-clock';
import { describeThrottle } from './throttle';

describeThrottle('MemoryThrottle', (clock) => Promise.resolve(new MemoryThrottle(clock)));

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
