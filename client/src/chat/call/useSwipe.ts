import { useEffect, useRef, type RefObject } from 'react';
import { useWords } from '../words';
import { asksForNext } from './swipe';

const NOT_FROM = 'button, a, input, textarea, .mine, dialog';

/** Calls `onNext` for a swipe over this element that asks for the next person. */
export function useSwipe(stage: RefObject<HTMLElement | null>, onNext: () => void): void {
  const { dir } = useWords();
  const latest = useRef(onNext);
  latest.current = onNext;
  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    let from: { x: number; y: number; at: number; id: number } | null = null;
    const down = (event: PointerEvent) => {
      const isOnControl = event.target instanceof Element && event.target.closest(NOT_FROM) !== null;
      from =
        event.pointerType === 'touch' && event.isPrimary && !isOnControl
          ? { x: event.clientX, y: event.clientY, at: event.timeStamp, id: event.pointerId }
          : null;
    };
    const up = (event: PointerEvent) => {
      const start = from;
      from = null;
      if (start?.id !== event.pointerId) return;
      const swipe = {
        dx: event.clientX - start.x,
        dy: event.clientY - start.y,
        ms: event.timeStamp - start.at,
        startX: start.x,
        windowWidth: window.innerWidth,
      };
      if (asksForNext(swipe, dir)) latest.current();
    };
    const cancel = () => (from = null);
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', cancel);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', cancel);
    };
  }, [dir, stage]);
}
