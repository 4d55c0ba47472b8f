import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { deviceStorage } from '../../storage/browser-storage';
import { useWords } from '../words';
import { cornerAfterKey, nearestCorner, readCorner, type Corner } from './own-corner';

/** A finger that moves less than this has tapped. */
const DRAG_PX = 8;

export interface OwnCorner {
  corner: Corner;
  handle: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

/** Lets the user drag the own window, or move it with the arrow keys, to a corner that is kept for the next visit. */
export function useOwnCorner(window: RefObject<HTMLElement | null>, stays: boolean): OwnCorner {
  const { dir } = useWords();
  const [corner, setCorner] = useState(() => readCorner(deviceStorage.read('corner')));
  const from = useRef<{ x: number; y: number; moved: boolean } | null>(null);

  const move = (next: Corner) => {
    setCorner(next);
    deviceStorage.write('corner', next);
  };
  const shift = (x: number, y: number) => {
    if (window.current) window.current.style.translate = x === 0 && y === 0 ? '' : `${x}px ${y}px`;
  };
  // Without its handle a drag would never end.
  useEffect(() => {
    from.current = null;
    if (stays && window.current) window.current.style.translate = '';
  }, [stays, window]);

  const end = (event: PointerEvent<HTMLElement>, isDropped: boolean) => {
    const start = from.current;
    from.current = null;
    const stage = window.current?.parentElement;
    if (!start?.moved || !window.current || !stage) return;
    const dropped = window.current.getBoundingClientRect();
    shift(0, 0);
    event.currentTarget.releasePointerCapture(event.pointerId);
    if (isDropped) move(nearestCorner(dropped, stage.getBoundingClientRect(), dir));
  };

  return {
    corner,
    handle: {
      onPointerDown: (event) => {
        if (!event.isPrimary || event.button !== 0) return;
        from.current = { x: event.clientX, y: event.clientY, moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event) => {
        const start = from.current;
        if (!start) return;
        const [x, y] = [event.clientX - start.x, event.clientY - start.y];
        if ((start.moved ||= Math.hypot(x, y) > DRAG_PX)) shift(x, y);
      },
      onPointerUp: (event) => end(event, true),
      onPointerCancel: (event) => end(event, false),
      onKeyDown: (event) => {
        const next = cornerAfterKey(corner, event.key, dir);
        if (next === null) return;
        event.preventDefault();
        move(next);
      },
    },
  };
}
