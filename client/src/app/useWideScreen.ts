import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(min-width: 861px), (max-height: 500px) and (orientation: landscape)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Wide enough for the chat to stand beside the pictures. */
export const useWideScreen = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
