import { useCallback, useEffect, useRef, useState } from 'react';
import { asRefused } from '../api/client';
import type { Refused } from '../engine/refused';

/** Something a button does that takes a moment and may be refused. */
export function useAction(): {
  busy: boolean;
  refused: Refused | null;
  /** Resolves with whether it was done. A second press while it runs does nothing. */
  run: (action: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const running = useRef(false);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const run = useCallback(async (action: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setRefused(null);
    try {
      await action();
      return here.current;
    } catch (error) {
      if (here.current) setRefused(asRefused(error));
      return false;
    } finally {
      running.current = false;
      if (here.current) setBusy(false);
    }
  }, []);
  return { busy, refused, run };
}
