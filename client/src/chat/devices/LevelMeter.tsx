import { useEffect, useRef, useState } from 'react';
import { PeakFollower } from './peak-follower';
import { loudness } from './readiness';
import { useReducedMotion } from '../../ui/motion/useReducedMotion';
import { useWords } from '../words';

const BARS = [0.5, 1, 0.8, 0.45];

/** The meter keeps 46 ms of sound, so that no sound falls between two looks. */
const LOOK_MS = 40;
const WORD_MS = 250;

/** Null while the browser does not let the page measure the microphone. */
export type Level = () => number | null;

/** The loudness of the last moments as a word, or null while it is unknown. */
function useLoudness(level: Level): ReturnType<typeof loudness> | null {
  const [word, setWord] = useState<ReturnType<typeof loudness> | null>(null);
  useEffect(() => {
    const peaks = new PeakFollower();
    let known = false;
    const looking = window.setInterval(() => {
      const now = level();
      known = now !== null;
      if (now !== null) peaks.add(now, performance.now());
    }, LOOK_MS);
    const saying = window.setInterval(
      () => setWord(known ? loudness(peaks.peak(performance.now())) : null),
      WORD_MS,
    );
    return () => {
      window.clearInterval(looking);
      window.clearInterval(saying);
    };
  }, [level]);
  return word;
}

/** Shows the level of the user's microphone. With reduced motion, and for screen readers, a word replaces it. */
export function LevelMeter({ level, inWords = false }: { level: Level; inWords?: boolean }) {
  const words = useWords();
  const bars = useRef<HTMLSpanElement>(null);
  const word = useLoudness(level);
  const calm = useReducedMotion();

  useEffect(() => {
    if (calm) return undefined;
    let frame = 0;
    const draw = () => {
      const now = Math.min(1, (level() ?? 0) * 1.6);
      BARS.forEach((share, index) => {
        const bar = bars.current?.children[index] as HTMLElement | undefined;
        if (bar) bar.style.transform = `scaleY(${(0.28 + 0.72 * now * share).toFixed(3)})`;
      });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [calm, level]);

  const spelled = word === null ? '' : words.say(`level.${word}`);
  return (
    <>
      {calm ? null : (
        <span className="meter" ref={bars} aria-hidden="true">
          {BARS.map((share) => (
            <i key={share} />
          ))}
        </span>
      )}
      {calm || inWords ? (
        <span className="meter__word">{spelled}</span>
      ) : spelled === '' ? null : (
        <span className="sr">{words.say('window.level', { level: spelled })}</span>
      )}
    </>
  );
}
