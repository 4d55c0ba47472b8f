import { useEffect } from 'react';
import type { Phase } from '../engine/state';

/** Sets the title of the tab and the `data-phase` of the document. */
export function useTab(title: string, phase: Phase): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.documentElement.dataset.phase = phase.phase;
  }, [phase.phase]);
}
