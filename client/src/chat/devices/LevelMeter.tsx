import { useEffect, useRef, useState } from 'react';
import { loudness } from './readiness';
import { useReducedMotion } from '../../ui/motion/useReducedMotion';
import { useWords } from '../words';

const BARS = [0.5, 1, 0.8, 0.45];

/** Shows the level of the user's microphone. With reduced motion, and for screen readers, a word replaces it. */
export function LevelMeter({ level, inWords = false }: { level: () => number; inWords?: boolean }) {
  const words = useWords();
  const bars = useRef<HTMLSpanElement>(null);
  const [word, setWord] = useState(() => loudness(level()));
  const calm = useReducedMotion();

  useEffect(() => {
    const timer = window.setInterval(() => setWord(loudness(level())), 1000);
    return () => window.clearInterval(timer);
  }, [level]);

  useEffect(() => {
    if (calm) return undefined;
    let frame = 0;
    const draw = () => {
      const now = Math.min(1, level() * 1.6);
      BARS.forEach((share, index) => {
        const bar = bars.current?.children[index] as HTMLElement | undefined;
        if (bar) bar.style.transform = `scaleY(${(0.28 + 0.72 * now * share).toFixed(3)})`;
      });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [calm, level]);

  const spelled = words.say(`level.${word}`);
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
      ) : (
        <span className="sr">{words.say('window.level', { level: spelled })}</span>
      )}
    </>
  );
}
