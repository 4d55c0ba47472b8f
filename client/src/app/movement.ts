import { flushSync } from 'react-dom';
import type { Movement } from './stage';

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

/** Windows are carried from screen to screen by the browser's own view transitions, where it has them. */
export const viewTransitions: Movement = {
  allowed: () => !document.hidden && !calm.matches,
  between: (change) => {
    if (typeof document.startViewTransition !== 'function') {
      change();
      return;
    }
    const transition = document.startViewTransition(() => flushSync(change));
    // A transition that is skipped for a newer one rejects; the change itself has been made all the same.
    transition.ready.catch(() => undefined);
    transition.finished.catch(() => undefined);
  },
};
