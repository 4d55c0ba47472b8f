import type { Throttle } from '../../src/app/ports/throttle';

/** Slow enough that the time which a test itself takes changes nothing. */
const limit = { burst: 3, perSecond: 1 / 1_000 };
const TOKEN_MS = 1_000_000;
/** How much of the time may pass by itself, where it cannot be held. */
const BY_ITSELF_MS = 100_000;

/** A throttle, and a way to let time pass for it. */
export interface TimedThrottle {
  readonly throttle: Throttle;
  readonly pass: (ms: number) => Promise<void>;
}

function expectAbout(waitMs: number, ms: number): void {
  expect(waitMs).toBeLessThanOrEqual(ms);
  expect(waitMs).toBeGreaterThan(ms - BY_ITSELF_MS);
}

/** What every throttle guarantees. `open` makes an unused one. */
export function describeThrottle(name: string, open: () => Promise<TimedThrottle>): void {
  describe(name, () => {
    test('A2 lets as many through as the burst, then says how long until the next', async () => {
      const { throttle, pass } = await open();
      const take = (): Promise<number> => throttle.take([{ key: 'a', limit }]);
      expect([await take(), await take(), await take()]).toEqual([0, 0, 0]);
      expectAbout(await take(), TOKEN_MS);
      await pass(TOKEN_MS - BY_ITSELF_MS);
      expectAbout(await take(), BY_ITSELF_MS);
      await pass(BY_ITSELF_MS);
      expect(await take()).toBe(0);
      expectAbout(await take(), TOKEN_MS);
    });

    test('A2 keys do not share; of several buckets one that is empty decides', async () => {
      const { throttle } = await open();
      const wide = { burst: 100, perSecond: 1 };
      for (let n = 0; n < 3; n++) await throttle.take([{ key: 'a', limit }]);
      expect(await throttle.take([{ key: 'b', limit }])).toBe(0);
      const wait = await throttle.take([
        { key: 'c', limit: wide },
        { key: 'a', limit },
      ]);
      expectAbout(wait, TOKEN_MS);
      expect(await throttle.take([])).toBe(0);
    });

    test('A2 a rejection by one bucket costs the others nothing, in whichever order', async () => {
      const { throttle } = await open();
      const [mine, owners] = [
        { key: 'mine', limit },
        { key: 'owners', limit },
      ];
      for (let n = 0; n < 3; n++) await throttle.take([mine]);
      for (let n = 0; n < 10; n++) {
        expectAbout(await throttle.take([mine, owners]), TOKEN_MS);
        expectAbout(await throttle.take([owners, mine]), TOKEN_MS);
      }
      for (let n = 0; n < 3; n++) expect(await throttle.take([owners])).toBe(0);
      expectAbout(await throttle.take([owners]), TOKEN_MS);
    });

    test('A2 a rejected attempt does not delay the next token', async () => {
      const { throttle, pass } = await open();
      const take = (): Promise<number> => throttle.take([{ key: 'a', limit }]);
      for (let n = 0; n < 3; n++) await take();
      for (let n = 9; n > 0; n--) {
        await pass(TOKEN_MS / 10);
        expectAbout(await take(), (n * TOKEN_MS) / 10);
      }
      await pass(TOKEN_MS / 10);
      expect(await take()).toBe(0);
    });

    test('A2 of many at once exactly the burst gets through', async () => {
      const { throttle } = await open();
      const waits = await Promise.all(Array.from({ length: 20 }, () => throttle.take([{ key: 'a', limit }])));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    });
  });
}
