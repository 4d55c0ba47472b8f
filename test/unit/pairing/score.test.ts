import fc from 'fast-check';
import {
  agePoints,
  interestPoints,
  isBetter,
  locationPoints,
  priorityPoints,
  scoreOf,
  waitPoints,
} from '../../../src/domain/pairing';
import { expectedScore } from '../../support/pairing-oracle';
import { ELAPSED_AT_START } from '../../support/manual-clock';
import { ticket, wishesArbitrary } from '../../support/tickets';

describe('score', () => {
  test('M3 interests give 20 to 50 when one is shared, 25 when neither named any, else nothing', () => {
    expect(interestPoints(1, 10, 10)).toBe(23);
    expect(interestPoints(1, 1, 10)).toBe(50);
    expect(interestPoints(2, 3, 4)).toBe(40);
    expect(interestPoints(0, 0, 0)).toBe(25);
    expect(interestPoints(0, 0, 3)).toBe(0);
    expect(interestPoints(0, 2, 3)).toBe(0);
  });

  test('M3 location gives 20 for the same country, 8 when one is unknown, else nothing', () => {
    expect([locationPoints('DE', 'DE'), locationPoints('DE', 'FR')]).toEqual([20, 0]);
    expect([locationPoints(null, 'DE'), locationPoints('DE', null), locationPoints(null, null)]).toEqual([
      8, 8, 8,
    ]);
  });

  test('M3 age gives 20, 12, 5 and nothing by distance, 8 when one is unknown', () => {
    const points = (['18-24', '25-34', '35-49', '50+'] as const).map((band) => agePoints('18-24', band));
    expect(points).toEqual([20, 12, 5, 0]);
    expect(agePoints('50+', '18-24')).toBe(0);
    expect(agePoints(null, '18-24')).toBe(8);
  });

  test('M3 waiting gives one point in ten seconds up to six, priority up to four', () => {
    expect([0, 9_999, 10_000, 59_999, 60_000, 3_600_000, -5].map(waitPoints)).toEqual([0, 0, 1, 5, 6, 6, 0]);
    expect([0, 0.5, 1, 7, -1].map(priorityPoints)).toEqual([0, 2, 4, 4, 0]);
  });

  test('M3 the score is whole, within 0 to 100, the same both ways, and what the specification says', () => {
    fc.assert(
      fc.property(
        wishesArbitrary,
        wishesArbitrary,
        fc.nat(90_000),
        fc.nat(90_000),
        (one, other, waitA, waitB) => {
          const now = ELAPSED_AT_START;
          const a = ticket('p0', { ...one, since: now - waitA });
          const b = ticket('p1', { ...other, since: now - waitB });
          const { total } = scoreOf(a, b, now);
          expect(Number.isInteger(total) && total >= 0 && total <= 100).toBe(true);
          expect(scoreOf(b, a, now)).toEqual(scoreOf(a, b, now));
          expect(total).toBe(expectedScore(a, b, now));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('M5 the better score wins, and among equals the longer wait', () => {
    expect(isBetter({ total: 50, since: 9 }, { total: 49, since: 1 })).toBe(true);
    expect(isBetter({ total: 50, since: 1 }, { total: 50, since: 9 })).toBe(true);
    expect(isBetter({ total: 50, since: 9 }, { total: 50, since: 9 })).toBe(false);
  });
});
