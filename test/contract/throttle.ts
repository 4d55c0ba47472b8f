import type { Clock } from '../../src/app/ports/clock';
import type { Throttle } from '../../src/app/ports/throttle';
import { ManualClock } from '../support/manual-clock';

const limit = { burst: 3, perSecond: 1 / 10 };

/** What every throttle guarantees. `open` makes an unused one. */
export function describeThrottle(name: string, open: (clock: Clock) => Promise<Throttle>): void {
  describe(name, () => {
    test('A2 lets as many through as the burst, then says how long until the next', async () => {
      const clock = new ManualClock();
      const throttle = await open(clock);
      const take = (): Promise<number> => throttle.take([{ key: 'a', limit }]);
      expect([await take(), await take(), await take()]).toEqual([0, 0, 0]);
      expect(await take()).toBe(10_000);
      await clock.advance(9_999);
      expect(await take()).toBe(1);
      await clock.advance(1);
      expect(await take()).toBe(0);
      expect(await take()).toBeGreaterThan(0);
    });

    test('A2 keys do not share; of several buckets one that is empty decides', async () => {
      const throttle = await open(new ManualClock());
      const wide = { burst: 100, perSecond: 1 };
      for (let n = 0; n < 3; n++) await throttle.take([{ key: 'a', limit }]);
      expect(await throttle.take([{ key: 'b', limit }])).toBe(0);
      expect(
        await throttle.take([
          { key: 'c', limit: wide },
          { key: 'a', limit },
        ]),
      ).toBe(10_000);
      expect(await throttle.take([])).toBe(0);
    });

    test('A2 a rejection by one bucket costs the others nothing, in whichever order', async () => {
      const throttle = await open(new ManualClock());
      const [mine, owners] = [
        { key: 'mine', limit },
        { key: 'owners', limit },
      ];
      for (let n = 0; n < 3; n++) await throttle.take([mine]);
      for (let n = 0; n < 10; n++) {
        expect(await throttle.take([mine, owners])).toBe(10_000);
        expect(await throttle.take([owners, mine])).toBe(10_000);
      }
      expect([
        await throttle.take([owners]),
        await throttle.take([owners]),
        await throttle.take([owners]),
        await throttle.take([owners]),
      ]).toEqual([0, 0, 0, 10_000]);
    });

    test('A2 a rejected attempt does not delay the next token', async () => {
      const clock = new ManualClock();
      const throttle = await open(clock);
      const take = (): Promise<number> => throttle.take([{ key: 'a', limit }]);
      for (let n = 0; n < 3; n++) await take();
      for (let n = 9; n > 0; n--) {
        await clock.advance(1_000);
        expect(await take()).toBe(n * 1_000);
      }
      await clock.advance(1_000);
      expect(await take()).toBe(0);
    });

    test('A2 of many at once exactly the burst gets through', async () => {
      const throttle = await open(new ManualClock());
      const waits = await Promise.all(Array.from({ length: 20 }, () => throttle.take([{ key: 'a', limit }])));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    });
  });
}
