import { simulcastLayersFor } from '../../../client/src/chat/engine/simulcast';

const kbps = (ceiling: number): number[] =>
  simulcastLayersFor(ceiling).map(({ maxBitrate }) => maxBitrate / 1000);

describe('P1 V3 the layers of the picture', () => {
  it('P1 the high one aims at what the ceiling leaves, as far as that makes the picture any better', () => {
    expect(kbps(1_500)).toEqual([250, 1_150]);
    expect(kbps(800)).toEqual([250, 450]);
    expect(kbps(10_000)).toEqual([250, 2_500]);
  });

  it('P1 both and the sound stay under every ceiling a plan may have', () => {
    for (let ceiling = 200; ceiling <= 10_000; ceiling += 50) {
      const [low = 0, high = 0] = kbps(ceiling);
      expect(low).toBeGreaterThan(0);
      expect(high).toBeGreaterThanOrEqual(low);
      expect(low + high + 100).toBeLessThanOrEqual(ceiling);
    }
  });
});
