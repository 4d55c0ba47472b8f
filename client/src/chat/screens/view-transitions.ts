import { flushSync } from 'react-dom';
import type { ScreenTransition } from './screen-store';

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

/** Animates changes of screen with the browser's view transitions, where it supports them. */
export const viewTransitions: ScreenTransition = {
  allowed: () => !document.hidden && !calm.matches,
  run: (change) => {
    if (typeof document.startViewTransition !== 'function') {
      change();
      return;
    }
    const transition = document.startViewTransition(() => flushSync(change));
    // A transition that a newer one replaces is rejected, although its change was applied.
    transition.ready.catch(() => undefined);
    transition.finished.catch(() => undefined);
  },
};
