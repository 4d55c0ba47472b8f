import fc from 'fast-check';
import { GraceTimer } from '../../../src/app/overload/grace-timer';
import { ManualClock } from '../../support/manual-clock';

async function heldFor(lateMs: (elapsed: number) => number): Promise<number> {
  const clock = new ManualClock();
  const loop = {
    get lateMs(): number {
      return lateMs(clock.elapsed() - begunAt);
    },
  };
  const begunAt = clock.elapsed();
  let endedAt: number | undefined;
  new GraceTimer(clock, loop).after(15_000, () => (endedAt = clock.elapsed()));
  for (let waited = 0; waited < 32_000 && endedAt === undefined; waited += 100) await clock.advance(100);
  return (endedAt ?? Infinity) - begunAt;
}

test('S4 a place is held for its time where the node is not late', async () => {
  expect(await heldFor(() => 0)).toBe(15_000);
  expect(await heldFor((elapsed) => (elapsed < 14_000 ? 900 : 0))).toBe(15_000);
});

test('S4 a node that is late when the time is over gives more, until it is no longer', async () => {
  expect(await heldFor(() => 200)).toBe(30_000);
  expect(await heldFor((elapsed) => (elapsed < 16_000 ? 200 : 0))).toBe(19_000);
});

test('S4 a place is never given up before its time, nor held for more than twice as long', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 }), async (lates) => {
      const held = await heldFor((elapsed) => lates[Math.floor(elapsed / 1_000) % lates.length] ?? 0);
      expect(held).toBeGreaterThanOrEqual(15_000);
      expect(held).toBeLessThanOrEqual(30_000);
    }),
    { numRuns: 20 },
  );
});

test('S4 a place that is taken again is not given up later', async () => {
  const clock = new ManualClock();
  let isOver = false;
  const stop = new GraceTimer(clock, { lateMs: 500 }).after(1_000, () => (isOver = true));
  await clock.advance(1_500);
  stop();
  await clock.advance(10_000);
  expect(isOver).toBe(false);
});
