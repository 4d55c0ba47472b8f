import { useEffect, useRef } from 'react';
import { WayBack, type Steps } from './way-back';

/** Keeps a search or a call in the history for as long as it is on. */
export function useWayBack(steps: Steps, isInside: boolean, leave: () => boolean): void {
  const latest = useRef(leave);
  latest.current = leave;
  const way = useRef<WayBack | null>(null);
  useEffect(() => {
    const made = new WayBack(steps, () => latest.current());
    way.current = made;
    return () => made.close();
  }, [steps]);
  useEffect(() => way.current?.inside(isInside), [steps, isInside]);
}
