import { useCallback, useEffect, useRef, useState } from 'react';
import type { Engine } from '../engine/state';

export type CallSheet = 'report' | 'block' | 'more' | null;

/** How long after the first Esc a second one ends the call. */
const STOP_WAITS_MS = 3000;

export interface CallControls {
  sheet: CallSheet;
  openSheet: (sheet: CallSheet) => void;
  /** Whether the user has opened or closed the chat; null while they have done neither. */
  chatAsked: boolean | null;
  askChat: (open: boolean) => void;
  toggleChat: () => void;
  /** Esc was pressed once; a second press ends the call. */
  stopAsked: boolean;
  stop: () => void;
  /** Asks for confirmation at the first press, ends the call at the second. Returns whether it has ended. */
  stopByKey: () => boolean;
}

/**
 * The state of the call screen. A sheet belongs to one call, also after it has ended: a report that is being written
 * must neither be lost when the partner leaves nor be sent about the next partner.
 */
export function useCallControls(engine: Engine, callId: string | null): CallControls {
  const [opened, setOpened] = useState<{ sheet: CallSheet; callId: string } | null>(null);
  const sheet = opened !== null && opened.callId === callId ? opened.sheet : null;
  const [chatAsked, setChatAsked] = useState<boolean | null>(null);
  const [stopAsked, setStopAsked] = useState(false);
  const timer = useRef<number | undefined>(undefined);

  useEffect(() => setStopAsked(false), [callId]);

  const isOpen = sheet !== null;
  useEffect(() => {
    if (!isOpen) return undefined;
    engine.holdNext('sheet', true);
    return () => engine.holdNext('sheet', false);
  }, [engine, isOpen]);

  const openSheet = useCallback(
    (next: CallSheet) => setOpened(next === null || callId === null ? null : { sheet: next, callId }),
    [callId],
  );

  const stop = useCallback(() => {
    window.clearTimeout(timer.current);
    setStopAsked(false);
    engine.stop();
  }, [engine]);

  const stopByKey = () => {
    if (stopAsked) {
      stop();
      return true;
    }
    setStopAsked(true);
    timer.current = window.setTimeout(() => setStopAsked(false), STOP_WAITS_MS);
    return false;
  };

  return {
    sheet,
    openSheet,
    chatAsked,
    askChat: setChatAsked,
    toggleChat: () => setChatAsked((open) => !(open ?? document.querySelector('.chat') !== null)),
    stopAsked,
    stop,
    stopByKey,
  };
}
