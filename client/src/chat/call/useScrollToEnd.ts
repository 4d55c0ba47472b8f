import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** Within this many pixels of the end, the user counts as following, so new messages scroll into view. */
const NEAR_THE_END = 80;

const sizeOf = ({ clientWidth, clientHeight, scrollHeight }: HTMLElement): string =>
  `${clientWidth} ${clientHeight} ${scrollHeight}`;

/**
 * Keeps the end of the log in view while the user follows it: when messages arrive, and when the log becomes smaller
 * because the device was rotated or a keyboard appeared. `tail` changes whenever the end of the log does.
 */
export function useScrollToEnd(
  log: RefObject<HTMLElement | null>,
  tail: string,
  onChange: (inView: boolean) => void,
): { toEnd: () => void; onScroll: () => void } {
  const follows = useRef(true);
  const size = useRef('');

  const toEnd = useCallback(() => {
    const element = log.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    size.current = sizeOf(element);
    follows.current = true;
    onChange(true);
  }, [log, onChange]);

  const onScroll = useCallback(() => {
    const element = log.current;
    // A scroll after a change of size came from the browser, not from the user.
    if (!element || (follows.current && sizeOf(element) !== size.current)) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_THE_END;
    onChange(follows.current);
  }, [log, onChange]);

  useLayoutEffect(() => {
    if (follows.current) toEnd();
  }, [tail, toEnd]);

  useEffect(() => {
    const element = log.current;
    if (!element) return undefined;
    const watcher = new ResizeObserver(() => {
      if (follows.current) toEnd();
    });
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [log, tail, toEnd]);

  return { toEnd, onScroll };
}
