import { useEffect, useState } from 'react';

/** The current time, updated every `everyMs` while `counting` is true. */
export function useNow(everyMs = 250, counting = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!counting) return undefined;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs, counting]);
  return now;
}
