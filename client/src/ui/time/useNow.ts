import { useEffect, useState } from 'react';

/**
 * The present moment of this page (`performance.now`), updated every `everyMs` while `counting` is true. It goes on evenly
 * while the clock of the device is set, so everything that is counted down is measured with it.
 */
export function useNow(everyMs = 250, counting = true): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!counting) return undefined;
    setNow(performance.now());
    const timer = window.setInterval(() => setNow(performance.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs, counting]);
  return now;
}
