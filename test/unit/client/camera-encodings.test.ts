import fc from 'fast-check';
import { VEILED_PIXELS, cameraEncodings, matches } from '../../../client/src/chat/engine/camera-encodings';

const HD = { width: 1280, height: 720 };
const full = (capture: { width: number; height: number }, ceilingKbps = 1_500) =>
  cameraEncodings({ capture, ceilingKbps, veiled: false });
const kbps = (ceilingKbps: number): number[] =>
  full(HD, ceilingKbps).map(({ maxBitrate }) => maxBitrate / 1000);
/** The longer sides of what leaves the browser. */
const sides = (width: number, height: number, veiled: boolean): number[] =>
  cameraEncodings({ capture: { width, height }, ceilingKbps: 1_500, veiled })
    .filter(({ active }) => active)
    .map(({ scaleResolutionDownBy }) => Math.max(width, height) / scaleResolutionDownBy);

const size = fc.record({
  width: fc.integer({ min: 16, max: 4096 }),
  height: fc.integer({ min: 16, max: 4096 }),
});
const ceiling = fc.integer({ min: 200, max: 10_000 });

describe('P1 V3 the layers of the picture', () => {
  it('P1 the high one aims at what the ceiling leaves, as far as that makes the picture any better', () => {
    expect(kbps(1_500)).toEqual([250, 1_150]);
    expect(kbps(800)).toEqual([250, 450]);
    expect(kbps(10_000)).toEqual([250, 2_500]);
  });

  it('P1 all of them and the sound stay under every ceiling a plan may have, whatever the camera', () => {
    fc.assert(
      fc.property(size, ceiling, fc.boolean(), (capture, ceilingKbps, veiled) => {
        const active = cameraEncodings({ capture, ceilingKbps, veiled }).filter((layer) => layer.active);
        const sum = active.reduce((total, { maxBitrate }) => total + maxBitrate / 1000, 0);
        expect(Math.min(...active.map(({ maxBitrate }) => maxBitrate))).toBeGreaterThan(0);
        expect(sum + 100).toBeLessThanOrEqual(ceilingKbps);
        expect(active.at(-1)?.maxBitrate).toBeGreaterThanOrEqual(active[0]?.maxBitrate ?? 0);
      }),
    );
  });

  it('V3 a camera arrives at its own size: a small one in one layer, in the layer that browsers send', () => {
    expect(sides(1280, 720, false)).toEqual([640, 1280]);
    expect(sides(640, 480, false)).toEqual([320, 640]);
    expect(sides(480, 640, false)).toEqual([320, 640]);
    expect(sides(320, 240, false)).toEqual([320]);
    expect(sides(320, 180, false)).toEqual([320]);
    expect(sides(160, 120, false)).toEqual([160]);
    expect(full({ width: 320, height: 180 }).map(({ active }) => active)).toEqual([true, false]);
    expect(cameraEncodings({ capture: HD, ceilingKbps: 1_500, veiled: false, count: 1 })).toEqual([
      { active: true, scaleResolutionDownBy: 1, maxBitrate: 1_400_000 },
    ]);
  });
});

describe('C2 the veil of the picture', () => {
  it('C2 [C2.1] no side of a veiled picture is longer than 80 pixels, whatever the camera and however it is held', () => {
    fc.assert(
      fc.property(size, ({ width, height }) => {
        // Both layers are there, so that the SFU can switch as soon as the veil is off.
        const [low, high] = sides(width, height, true);
        expect(high).toBe(low);
        expect(low).toBeLessThanOrEqual(VEILED_PIXELS + 1e-6);
        // And it is no smaller than it has to be.
        expect(low).toBeCloseTo(Math.min(VEILED_PIXELS, Math.max(width, height)), 6);
      }),
    );
  });

  it('C2 P1 behind the veil the browser may test its connection, and does so anew when the veil goes', () => {
    const most = (options: { ceilingKbps: number; veiled: boolean }): number[] =>
      cameraEncodings({ capture: HD, ...options }).map(({ maxBitrate }) => maxBitrate / 1000);
    for (const ceilingKbps of [600, 1_500, 2_500]) {
      const [low = 0, high = 0] = most({ ceilingKbps, veiled: true });
      const whole = most({ ceilingKbps, veiled: false }).reduce((sum, kbps) => sum + kbps);
      // Browsers test up to twice what the layers may use, and at once when that rises.
      expect(2 * (low + high)).toBeGreaterThan(whole);
      expect(low + high).toBeLessThan(whole * 0.7);
      // Two layers like the low one fit into the least that the browser estimates (150 kbit/s).
      expect(low).toBe(60);
    }
  });

  it('C2 a camera that does not say its size is veiled as a very large one', () => {
    const [veil] = cameraEncodings({ capture: {}, ceilingKbps: 1_500, veiled: true });
    expect(3840 / (veil?.scaleResolutionDownBy ?? 1)).toBeLessThanOrEqual(VEILED_PIXELS);
  });

  it('C2 [C2.1] only what the sender itself reports proves a veil', () => {
    const wanted = cameraEncodings({ capture: HD, ceilingKbps: 1_500, veiled: true });
    const veil = { scaleResolutionDownBy: 16 };
    expect(matches([], wanted)).toBe(false);
    expect(matches([], [])).toBe(false);
    expect(matches([{}, {}], wanted)).toBe(false);
    expect(matches([veil], wanted)).toBe(false);
    expect(matches([veil, { scaleResolutionDownBy: 1 }], wanted)).toBe(false);
    expect(matches([veil, veil], wanted)).toBe(true);
  });

  it('C2 a veil that is left on is no full picture', () => {
    const wanted = full(HD);
    expect(matches([], [])).toBe(false);
    expect(matches(wanted, wanted)).toBe(true);
    expect(matches([{ scaleResolutionDownBy: 16 }, { active: false }], wanted)).toBe(false);
    expect(matches([{ scaleResolutionDownBy: 2 }, { active: false }], wanted)).toBe(false);
    expect(matches([{ scaleResolutionDownBy: 2 }], wanted)).toBe(false);
  });
});
