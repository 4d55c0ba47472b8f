import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(min-width: 861px), (max-height: 500px) and (orientation: landscape)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** True when the window is wide enough to show the chat beside the videos. */
export const useWideScreen = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
