import { useEffect, useRef } from 'react';
import type { Mode } from '../../../src/protocol';
import type { Engine } from '../engine/state';

async function isGranted(name: 'camera' | 'microphone'): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: name as PermissionName });
    return status.state === 'granted';
  } catch {
    // Some browsers cannot be asked; then the person presses the button in their window.
    return false;
  }
}

/** Shows the live preview without asking where the browser has already been told yes; never asks by itself. */
export function usePreview(engine: Engine, mode: Mode, wanted: boolean): void {
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
