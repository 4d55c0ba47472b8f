import { useCallback, useEffect, useRef, useState } from 'react';
import { toRequestError, type RequestError } from '../../errors/request-error';

/** State of an asynchronous action that a button starts and that can fail. */
export function useAction(): {
  busy: boolean;
  error: RequestError | null;
  /** Resolves with whether the action succeeded. A second call while it runs does nothing. */
  run: (action: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
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
    setError(null);
    try {
      await action();
      return here.current;
    } catch (error) {
      if (here.current) setError(toRequestError(error));
      return false;
    } finally {
      running.current = false;
      if (here.current) setBusy(false);
    }
  }, []);
  return { busy, error, run };
}
