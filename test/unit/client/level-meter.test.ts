import { PeakFollower } from '../../../client/src/chat/devices/peak-follower';
import { loudness } from '../../../client/src/chat/devices/readiness';

/** The words that a meter says each 250 ms of a sound, which is looked at each 40 ms. */
function wordsFor(levelAt: (ms: number) => number, forMs: number): Set<string> {
  const peaks = new PeakFollower();
  const words = new Set<string>();
  for (let now = 0; now <= forMs; now += 10) {
    if (now % 40 === 0) peaks.add(levelAt(now), now);
    if (now % 250 === 0 && now > 1_000) words.add(loudness(peaks.peak(now)));
  }
  return words;
}

describe('C2 the level of the microphone in words', () => {
  it('C2 is never "silent" between two short sounds, and is it soon after the last one', () => {
    const beep = (ms: number): number => (ms % 1_000 < 100 ? 0.5 : 0);
    expect(wordsFor(beep, 10_000)).toEqual(new Set(['good']));
    const stops = wordsFor((ms) => (ms < 3_000 ? beep(ms) : 0), 5_000);
    expect(stops).toEqual(new Set(['good', 'silent']));
  });

  it('C2 follows the loudest moment only as long as it is recent', () => {
    const peaks = new PeakFollower();
    peaks.add(0.9, 0);
    peaks.add(0.2, 1_000);
    expect([peaks.peak(1_400), peaks.peak(1_600), peaks.peak(2_600)]).toEqual([0.9, 0.2, 0]);
  });
});
