import { useEffect, useRef, type RefObject } from 'react';

/** The user counts as reading for this long after the last sign of it. */
const READS_MS = 6_000;
const LOOK_AGAIN_MS = 500;

/** What somebody does in a chat that they read or write in. */
const SIGNS = ['pointermove', 'pointerdown', 'touchmove', 'wheel', 'keydown', 'input'] as const;

/**
 * Reports whether the user is busy with the chat of an ended call: they have just moved, scrolled or typed in it, have
 * text in its field, or have selected text of it.
 */
export function useReading(
  panel: RefObject<HTMLElement | null>,
  ended: boolean,
  onReading: (reading: boolean) => void,
): void {
  const lastSign = useRef(Number.NEGATIVE_INFINITY);
  const report = useRef(onReading);
  report.current = onReading;

  useEffect(() => {
    const element = panel.current;
    const sign = () => (lastSign.current = performance.now());
    for (const name of SIGNS) element?.addEventListener(name, sign, { passive: true });
    return () => {
      for (const name of SIGNS) element?.removeEventListener(name, sign);
    };
  }, [panel]);

  useEffect(() => {
    if (!ended) return undefined;
    const look = () => report.current(isBusy(panel.current, performance.now() - lastSign.current));
    look();
    const timer = window.setInterval(look, LOOK_AGAIN_MS);
    return () => {
      window.clearInterval(timer);
      report.current(false);
    };
  }, [ended, panel]);
}

function isBusy(panel: HTMLElement | null, sinceSignMs: number): boolean {
  if (panel === null) return false;
  if (sinceSignMs < READS_MS) return true;
  const draft = panel.querySelector('textarea')?.value.trim() ?? '';
  if (draft !== '') return true;
  const selection = document.getSelection();
  return selection?.isCollapsed === false && panel.contains(selection.anchorNode);
}
