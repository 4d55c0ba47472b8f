import { useEffect } from 'react';
import type { Phase } from '../engine/state';
import type { Chime } from './chime';

/**
 * Sets the title of the tab and the `data-phase` of the document, and plays the chime for a match in a hidden tab.
 */
export function useTab(title: string, phase: Phase, chime: Chime): void {
  const callId = phase.phase === 'call' ? phase.call.callId : null;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.documentElement.dataset.phase = phase.phase;
  }, [phase.phase]);
  useEffect(() => {
    if (callId !== null && document.hidden) chime.play();
  }, [callId, chime]);
}
