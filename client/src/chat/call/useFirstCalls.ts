import { useEffect, useRef, useState } from 'react';
import { deviceStorage } from '../../storage/browser-storage';

/** After this many calls the icons of the buttons are known. */
const KNOWN_AFTER = 3;

/** Whether this is one of the first calls on this device, in which the icons on a phone have words under them. */
export function useFirstCalls(callId: string, isOpen: boolean): boolean {
  const [calls, setCalls] = useState(() => Number(deviceStorage.read('calls') ?? '0') || 0);
  const counted = useRef<string | null>(null);
  useEffect(() => {
    if (!isOpen || counted.current === callId || calls > KNOWN_AFTER) return;
    counted.current = callId;
    setCalls(calls + 1);
    deviceStorage.write('calls', String(calls + 1));
  }, [callId, calls, isOpen]);
  return calls <= KNOWN_AFTER;
}
