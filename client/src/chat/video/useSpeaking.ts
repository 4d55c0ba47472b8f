import { useEffect, useState } from 'react';
import { LOOK_MS, SpeakingWatch } from './speaking-watch';

/** Whether a voice is heard. */
export function useSpeaking(level: () => number, listens: boolean): boolean {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (!listens) {
      setSpeaking(false);
      return undefined;
    }
    const watch = new SpeakingWatch();
    const timer = window.setInterval(() => setSpeaking(watch.speaks(level(), performance.now())), LOOK_MS);
    return () => window.clearInterval(timer);
  }, [level, listens]);
  return speaking;
}
