import fc from 'fast-check';
import { nextPace, takeTurn, type Strain } from '../../../src/domain/pace';

const LIMITS = { least: 20, most: 500 };
const CALM: Strain = { loopLateMs: 5, recordsOldestMs: 0 };
const LATE: Strain = { loopLateMs: 300, recordsOldestMs: 0 };

const strain = fc.record({
  loopLateMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
  recordsOldestMs: fc.nat(60_000),
});

test('O5 the pace never leaves its limits, whatever the node goes through', () => {
  fc.assert(
    fc.property(fc.array(strain, { maxLength: 200 }), (strains) => {
      let pace = 100;
      for (const each of strains) {
        pace = nextPace(pace, each, LIMITS);
        expect(pace).toBeGreaterThanOrEqual(LIMITS.least);
        expect(pace).toBeLessThanOrEqual(LIMITS.most);
      }
    }),
  );
});

test('O5 after an overload the pace is at its most again within eight seconds', () => {
  let pace: number = LIMITS.most;
  for (let quarter = 0; quarter < 240; quarter++) pace = nextPace(pace, LATE, LIMITS);
  expect(pace).toBe(LIMITS.least);
  for (let quarter = 0; quarter < 32; quarter++) pace = nextPace(pace, CALM, LIMITS);
  expect(pace).toBe(LIMITS.most);
});

test('O5 records that wait for a slow disk slow the pace, as a late event loop does', () => {
  expect(nextPace(100, { loopLateMs: 0, recordsOldestMs: 2_500 }, LIMITS)).toBeLessThan(100);
  expect(nextPace(100, { loopLateMs: 60, recordsOldestMs: 0 }, LIMITS)).toBeLessThan(100);
  expect(nextPace(100, CALM, LIMITS)).toBeGreaterThan(100);
});

test('O5 no second has more turns than the pace and a burst allow, and nobody waits for longer than the limit', () => {
  const arrivals = fc.array(fc.nat(50), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 200 }), arrivals, (perSecond, gaps) => {
      let [now, nextAt] = [10_000, 0];
      const begins: number[] = [];
      for (const gap of gaps) {
        now += gap;
        const turn = takeTurn(nextAt, { perSecond, mostWaitMs: 4_000 }, now);
        if (turn.kind === 'refused') {
          expect(turn.waitMs).toBeGreaterThan(4_000);
          continue;
        }
        expect(turn.waitMs).toBeLessThanOrEqual(4_000);
        nextAt = turn.nextAt;
        begins.push(now + turn.waitMs);
      }
      for (const from of begins) {
        const within = begins.filter((at) => at >= from && at < from + 1_000).length;
        expect(within).toBeLessThanOrEqual(Math.ceil(perSecond * 1.25) + 2);
      }
    }),
  );
});

test('O5 whoever comes alone never waits', () => {
  let nextAt = 0;
  for (let now = 1_000; now < 60_000; now += 1_000) {
    const turn = takeTurn(nextAt, { perSecond: 2, mostWaitMs: 4_000 }, now);
    expect(turn).toMatchObject({ kind: 'taken', waitMs: 0 });
    if (turn.kind === 'taken') nextAt = turn.nextAt;
  }
});
