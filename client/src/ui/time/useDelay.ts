import { useEffect, useState } from 'react';

/** Turns true when the component has been on the screen for this long. */
export function useDelay(ms: number): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setIsOver(true), ms);
    return () => window.clearTimeout(timer);
  }, [ms]);
  return isOver;
}
