import { useCallback, useEffect, useRef, useState } from 'react';
import type { Engine } from '../engine/state';

export type CallSheet = 'report' | 'block' | null;

/** How long Esc waits for its second press. */
const STOP_WAITS_MS = 3000;

export interface CallControls {
  sheet: CallSheet;
  openSheet: (sheet: CallSheet) => void;
  /** What the person last did with the chat, or null while they have not touched it. */
  chatAsked: boolean | null;
  askChat: (open: boolean) => void;
  toggleChat: () => void;
  /** Stop was pressed once by key and waits for the second time. */
  stopAsked: boolean;
  stop: () => void;
  /** Asks in place at the first time, stops at the second; whether it has stopped. */
  stopByKey: () => boolean;
}

/**
 * What a call's screen remembers of the person's own doing. A sheet belongs to its call, also when that is over: what
 * is being written about somebody must not be lost because they walk on, nor hit the next one.
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
    engine.holdNext(true);
    return () => engine.holdNext(false);
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
