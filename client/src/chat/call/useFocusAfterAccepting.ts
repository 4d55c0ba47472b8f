import { useEffect, useRef, type RefObject } from 'react';

/** The button that was pressed is gone when both have accepted: the call's heading takes the focus, and is read out. */
export function useFocusAfterAccepting(unopened: boolean): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const wasUnopened = useRef(unopened);
  useEffect(() => {
    const hasOpened = wasUnopened.current && !unopened;
    wasUnopened.current = unopened;
    if (hasOpened && document.activeElement === document.body) heading.current?.focus();
  }, [unopened]);
  return heading;
}
