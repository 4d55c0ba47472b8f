import { useEffect, useRef } from 'react';
import type { Mode } from '../../../../src/protocol';
import type { Engine } from '../engine/state';

async function isGranted(name: 'camera' | 'microphone'): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: name });
    return status.state === 'granted';
  } catch {
    // Some browsers do not support this query. The user then presses the preview button.
    return false;
  }
}

/** Starts the live preview when the browser has already granted permission. It never asks for permission. */
export function useAutoPreview(engine: Engine, mode: Mode, wanted: boolean): void {
  const latest = useRef(engine);
  latest.current = engine;
  useEffect(() => {
    if (!wanted || mode === 'text') return undefined;
    let current = true;
    const names = mode === 'video' ? (['camera', 'microphone'] as const) : (['microphone'] as const);
    void Promise.all(names.map(isGranted)).then((granted) => {
      if (current && granted.every(Boolean)) latest.current.askDevices(mode);
    });
    return () => {
      current = false;
    };
  }, [mode, wanted]);
}
