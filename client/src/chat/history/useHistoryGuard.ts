import { useEffect, useRef } from 'react';
import { HistoryGuard, type HistoryEntries } from './history-guard';

/** Keeps a history entry for a search or a call while it lasts. */
export function useHistoryGuard(entries: HistoryEntries, isInside: boolean, leave: () => boolean): void {
  const latest = useRef(leave);
  latest.current = leave;
  const guard = useRef<HistoryGuard | null>(null);
  useEffect(() => {
    const made = new HistoryGuard(entries, () => latest.current());
    guard.current = made;
    return () => made.close();
  }, [entries]);
  useEffect(() => guard.current?.inside(isInside), [entries, isInside]);
}
