import { useEffect, useRef } from 'react';

/** A change of screen moves the focus to its heading, unless the screen has put it somewhere better. */
export function useFocusOnHeading(screen: string): void {
  const before = useRef(screen);
  useEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    const active = document.activeElement;
    const isLost = !active || active === document.body || !active.isConnected;
    if (!isLost && active.closest('.accept, dialog, .say')) return;
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [screen]);
}
