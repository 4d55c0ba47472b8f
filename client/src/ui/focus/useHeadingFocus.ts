import { useEffect, useRef } from 'react';

/**
 * Moves the focus to the heading when the screen changes, unless the screen has put it somewhere better. `isReady` is
 * false while the new screen is still loading and has no heading yet.
 */
export function useHeadingFocus(screen: string, isReady = true): void {
  const before = useRef(screen);
  useEffect(() => {
    if (!isReady || before.current === screen) return;
    before.current = screen;
    const active = document.activeElement;
    const isLost = !active || active === document.body || !active.isConnected;
    if (!isLost && active.closest('.accept, dialog, .say')) return;
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [screen, isReady]);
}
