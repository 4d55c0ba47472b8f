import fc from 'fast-check';
import { mergedRegions, STANDS, THIN } from '../../../src/domain/pairing';

const merge = (searching: Record<string, number>, before: readonly string[] = []): string[] =>
  [...mergedRegions(new Map(Object.entries(searching)), new Set(before))].sort();

test('M9 one region is not merged, however thin it is', () => {
  expect(merge({ eu: 0 })).toEqual([]);
});

test('M9 thin regions are merged with each other, and with the next smallest while they are thin together', () => {
  expect(merge({ eu: 1, us: 2 })).toEqual(['eu', 'us']);
  expect(merge({ eu: 1, us: 500, asia: 900 })).toEqual(['eu', 'us']);
  expect(merge({ eu: THIN, us: THIN })).toEqual([]);
});

test('M9 a merged region is on its own again only when it has clearly enough', () => {
  expect(merge({ eu: THIN + 5, us: 900 }, ['eu', 'us'])).toEqual([]);
  expect(merge({ eu: THIN + 5, us: THIN + 5 }, ['eu', 'us'])).toEqual(['eu', 'us']);
  expect(merge({ eu: STANDS, us: STANDS }, ['eu', 'us'])).toEqual([]);
});

test('M9 no search is in a thin pool while there is another region to merge with', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(120), { minKeys: 2 }),
      fc.subarray(['a', 'b', 'c', 'd', 'e']),
      (searching, before) => {
        const merged = new Set(merge(searching, before));
        const regions = Object.keys(searching);
        const together = [...merged].reduce((sum, region) => sum + (searching[region] ?? 0), 0);
        for (const region of regions) {
          if (merged.has(region)) continue;
          expect(searching[region]).toBeGreaterThanOrEqual(THIN);
        }
        if (merged.size > 0 && merged.size < regions.length) expect(together).toBeGreaterThanOrEqual(THIN);
      },
    ),
  );
});
