import { useEffect, useState } from 'react';
import type { Phase } from '../engine/state';
import type { Chime } from './chime';
import { SoundCues } from './sound-cues';

/** Plays the sounds of matches and messages, if the user wants them. */
export function useSounds(phase: Phase, enabled: boolean, chime: Chime): void {
  const [cues] = useState(() => new SoundCues());
  useEffect(() => {
    if (!enabled) return undefined;
    // Browsers allow sound only after a user gesture, so the first one anywhere on the page prepares it.
    const prepare = () => chime.prepare();
    document.addEventListener('pointerup', prepare, { once: true });
    document.addEventListener('keydown', prepare, { once: true });
    return () => {
      document.removeEventListener('pointerup', prepare);
      document.removeEventListener('keydown', prepare);
    };
  }, [chime, enabled]);
  useEffect(() => {
    const { hidden } = document;
    const writing = document.activeElement?.closest('.say') != null;
    const note = cues.next(phase, { enabled, hidden, writing, now: performance.now() });
    if (note !== null) chime.play(note, hidden ? 'clear' : 'soft');
  }, [chime, cues, enabled, phase]);
}
