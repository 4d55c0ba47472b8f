import { useEffect, useRef } from 'react';
import type { Mode } from '../../../../src/protocol';
import { whyImpossible } from '../engine/device-request';
import { NEEDED_DEVICES } from '../engine/needed-devices';
import type { Engine } from '../engine/state';
import type { AppScreen } from '../screens/app-screen';

async function isGranted(name: 'camera' | 'microphone'): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: name });
    return status.state === 'granted';
  } catch {
    // Some browsers do not support this query. The user then presses the preview button.
    return false;
  }
}

/**
 * Starts the live preview of the landing screen when the browser has already granted permission; it never asks for
 * permission. Where nothing shows the devices, and for those that the mode does not need, they are closed: a camera's
 * light means that somebody can be seen.
 */
export function usePreviewDevices(engine: Engine, mode: Mode, screen: AppScreen['screen']): void {
  const latest = useRef(engine);
  latest.current = engine;
  useEffect(() => {
    if (screen === 'searching' || screen === 'call') return undefined;
    const shown = screen === 'landing' ? mode : 'text';
    latest.current.keepDevices(shown);
    if (shown === 'text') return undefined;
    // Nothing is asked for where nothing can be opened, but why is shown at once.
    if (whyImpossible() !== undefined) {
      latest.current.askDevices(shown);
      return undefined;
    }
    let current = true;
    void Promise.all(NEEDED_DEVICES[shown].map(isGranted)).then((granted) => {
      if (current && granted.every(Boolean)) latest.current.askDevices(shown);
    });
    return () => {
      current = false;
    };
  }, [mode, screen]);
}
