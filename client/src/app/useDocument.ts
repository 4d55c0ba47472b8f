import { useEffect } from 'react';
import type { Phase } from '../engine/state';
import type { Chime } from './chime';

/** What the tab shows of the page, and the one sound it makes when nobody is looking at it. */
export function useDocument(title: string, phase: Phase, chime: Chime): void {
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
