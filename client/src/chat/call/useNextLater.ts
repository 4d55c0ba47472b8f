import { useEffect, useState } from 'react';

/** A swipe is easily made by mistake, so it can be taken back for this long before it is sent. */
export const UNDO_MS = 3_000;

export interface NextLater {
  /** When the next search begins; null while nothing is asked for. */
  at: number | null;
  ask: () => void;
  undo: () => void;
}

/** Asks for the next person after a moment. `of` names what the request is about: when that changes, it is void. */
export function useNextLater(of: string | null, onNext: () => void): NextLater {
  const [asked, setAsked] = useState<{ of: string; at: number } | null>(null);
  const at = asked !== null && asked.of === of ? asked.at : null;

  // A request that became void stays void when what it was about is the same again, such as after a sheet.
  useEffect(() => setAsked(null), [of]);

  useEffect(() => {
    if (at === null) return undefined;
    const timer = window.setTimeout(() => {
      setAsked(null);
      onNext();
    }, at - performance.now());
    return () => window.clearTimeout(timer);
  }, [at, onNext]);

  return {
    at,
    ask: () => {
      if (of !== null && at === null) setAsked({ of, at: performance.now() + UNDO_MS });
    },
    undo: () => setAsked(null),
  };
}
