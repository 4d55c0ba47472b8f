import { useEffect, useState } from 'react';

const LOOK_MS = 150;
/** A voice below this is the noise of a room. */
const SPEAKS = 0.04;
/** Nobody stops speaking between two words. */
const PAUSE_MS = 900;

/** Whether a voice is heard. It changes as often as people take turns, not with each word. */
export function useSpeaking(level: () => number, listens: boolean): boolean {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (!listens) {
      setSpeaking(false);
      return undefined;
    }
    let heardAt = Number.NEGATIVE_INFINITY;
    const timer = window.setInterval(() => {
      const now = performance.now();
      if (level() >= SPEAKS) heardAt = now;
      setSpeaking(now - heardAt < PAUSE_MS);
    }, LOOK_MS);
    return () => window.clearInterval(timer);
  }, [level, listens]);
  return speaking;
}
