import fc from 'fast-check';
import { NO_USAGE, leftMs, renewsAt, usageAfter, usageAt } from '../../../src/domain/plans';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 21, 12);
const plan = (dailyMinutes: number | null, monthlyMinutes: number | null) => ({
  dailyMinutes,
  monthlyMinutes,
});
const minutes = fc.option(fc.integer({ min: 1, max: 5000 }), { nil: null });
const pieces = fc.array(
  fc.record({ ms: fc.integer({ min: 0, max: 90 * MINUTE }), after: fc.integer({ min: 0, max: 3 * DAY }) }),
  { maxLength: 30 },
);

test('P1 a plan without limits never runs out', () => {
  expect(leftMs(plan(null, null), usageAfter(NO_USAGE, 99 * DAY, NOON), NOON)).toBeNull();
  expect(renewsAt(plan(null, null), NO_USAGE, NOON)).toBeNull();
});

test('P1 the smaller of what a day and a month leave is what is left', () => {
  const used = usageAfter(NO_USAGE, 10 * MINUTE, NOON);
  expect(leftMs(plan(30, 15), used, NOON)).toBe(5 * MINUTE);
  expect(leftMs(plan(12, 15), used, NOON)).toBe(2 * MINUTE);
});

test('P1 a new day and a new month begin with nothing used; a day of a new month does not keep the old month', () => {
  const used = usageAfter(NO_USAGE, 10 * MINUTE, NOON);
  expect(usageAt(used, NOON + DAY)).toMatchObject({ dayMs: 0, monthMs: 10 * MINUTE, totalMs: 10 * MINUTE });
  const december = Date.UTC(2026, 11, 1, 0, 0, 1);
  expect(usageAt(used, december)).toMatchObject({ dayMs: 0, monthMs: 0, totalMs: 10 * MINUTE });
});

test('P1 what is used up comes back with the next day, or with the next month where that is used up too', () => {
  const used = usageAfter(NO_USAGE, 20 * MINUTE, NOON);
  expect(renewsAt(plan(20, 100), used, NOON)).toBe(Date.UTC(2026, 10, 22));
  expect(renewsAt(plan(20, 20), used, NOON)).toBe(Date.UTC(2026, 11, 1));
  expect(renewsAt(plan(21, 100), used, NOON)).toBeNull();
});

test('P1 what is left is never negative and never grows within a day', () => {
  fc.assert(
    fc.property(minutes, minutes, pieces, (daily, monthly, list) => {
      let usage = NO_USAGE;
      let now = NOON;
      let before: { day: string; left: number | null } | undefined;
      for (const { ms, after } of list) {
        now += after;
        usage = usageAfter(usage, ms, now);
        const left = leftMs(plan(daily, monthly), usage, now);
        if (left !== null) expect(left).toBeGreaterThanOrEqual(0);
        if (before?.day === usage.day && before.left !== null) expect(left).toBeLessThanOrEqual(before.left);
        before = { day: usage.day, left };
      }
    }),
  );
});

test('P1 all counted time is in the total, and used-up minutes always come back', () => {
  fc.assert(
    fc.property(minutes, minutes, pieces, (daily, monthly, list) => {
      let usage = NO_USAGE;
      let now = NOON;
      for (const { ms, after } of list) {
        now += after;
        usage = usageAfter(usage, ms, now);
      }
      expect(usage.totalMs).toBe(list.reduce((sum, { ms }) => sum + ms, 0));
      const back = renewsAt(plan(daily, monthly), usage, now);
      if (back === null) return;
      expect(back).toBeGreaterThan(now);
      expect(leftMs(plan(daily, monthly), usage, back)).toBeGreaterThan(0);
    }),
  );
});

test('P1 a clock that is set back over midnight gives nobody the minutes of a day again', () => {
  const midnight = Date.UTC(2026, 11, 1);
  const used = usageAfter(NO_USAGE, 10 * MINUTE, midnight + MINUTE);
  expect(usageAt(used, midnight - 59 * MINUTE)).toEqual(used);
  expect(leftMs(plan(10, null), used, midnight - 59 * MINUTE)).toBe(0);
  expect(renewsAt(plan(10, null), used, midnight - 59 * MINUTE)).toBe(midnight + DAY);
  expect(usageAt(used, midnight + DAY).dayMs).toBe(0);
  // A clock that was far off for a while does not take the minutes of many days.
  expect(usageAt(used, midnight - 2 * DAY).dayMs).toBe(0);
});
