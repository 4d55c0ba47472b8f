import { AudioLines } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useReducedMotion } from '../../ui/motion/useReducedMotion';

const BARS = [0.42, 0.78, 1, 0.7, 0.5];
const REST = 0.16;

/** Five bars that rise with a voice. They rest where nothing shall move. */
export function SpeakingBars({ level, of }: { level: () => number; of: 'own' | 'other' }) {
  const bars = useRef<HTMLSpanElement>(null);
  const calm = useReducedMotion();
  useEffect(() => {
    if (calm) return undefined;
    let frame = 0;
    let shown = 0;
    const draw = () => {
      // Rises at once and falls slowly, so that single words do not flicker.
      shown = Math.max(Math.min(1, level() * 1.8), shown * 0.9);
      BARS.forEach((share, index) => {
        const bar = bars.current?.children[index];
        if (bar instanceof HTMLElement) {
          bar.style.transform = `scaleY(${(REST + (1 - REST) * shown * share).toFixed(3)})`;
        }
      });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [calm, level]);
  if (calm) return <AudioLines className="i" aria-hidden="true" />;
  return (
    <span className={of === 'own' ? 'bars bars--own' : 'bars'} ref={bars} aria-hidden="true">
      {BARS.map((share) => (
        <i key={share} />
      ))}
    </span>
  );
}
