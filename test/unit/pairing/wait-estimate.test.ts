import { estimateWait, EVIDENCE_MS, MIN_SAMPLES } from '../../../src/domain/wait-estimate';

const now = 1_000_000;
const samples = (...waits: number[]) => waits.map((waitedMs) => ({ waitedMs, at: now }));
const ask = (waits: number[], waitedMs = 0, othersWaiting = 5) =>
  estimateWait({ samples: samples(...waits), othersWaiting, now, waitedMs });

describe('the estimate of the wait', () => {
  test('M10 is the middle one of the recent waits', () => {
    expect(ask([1_000, 9_000, 3_000, 2_000, 60_000])).toBe(3_000);
  });

  test('M10 is what remains, for those who waited at least as long', () => {
    expect(ask([1_000, 2_000, 12_000, 14_000, 18_000, 30_000], 10_000)).toBe(8_000);
  });

  test('M10 is not given when no other peer searches', () => {
    expect(ask([1_000, 1_000, 1_000, 1_000], 0, 0)).toBeNull();
  });

  test('M10 is not given without enough recent evidence', () => {
    expect(ask([])).toBeNull();
    expect(ask(Array.from({ length: MIN_SAMPLES - 1 }, () => 5))).toBeNull();
    const old = samples(1, 2, 3, 4, 5).map((sample) => ({ ...sample, at: now - EVIDENCE_MS - 1 }));
    expect(estimateWait({ samples: old, othersWaiting: 5, now })).toBeNull();
  });

  test('M10 is not given to a peer that has waited longer than nearly all of them', () => {
    expect(ask([1_000, 2_000, 3_000, 50_000], 10_000)).toBeNull();
  });
});
