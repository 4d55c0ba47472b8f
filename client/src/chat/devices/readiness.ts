import type { Mode } from '../../../../src/protocol';
import { NEEDED_DEVICES } from '../engine/needed-devices';
import type { DeviceError, DeviceState, Devices } from '../engine/state';

export type DeviceKind = 'camera' | 'microphone';

/** Whether the devices that a mode needs are ready, and if not, which one failed. */
export type Readiness =
  | { is: 'ready' }
  | { is: 'unasked' }
  | { is: 'asking' }
  | { is: 'faulty'; kind: DeviceKind; fault: DeviceError };

export function readinessOf(mode: Mode, devices: Devices, withoutMicrophone = false): Readiness {
  const kinds = NEEDED_DEVICES[mode].filter((kind) => !(withoutMicrophone && kind === 'microphone'));
  const states = kinds.map((kind): readonly [DeviceKind, DeviceState] => [kind, devices[kind]]);
  if (states.some(([, device]) => device.state === 'asking')) return { is: 'asking' };
  for (const [kind, device] of states) {
    if (device.state === 'faulty') return { is: 'faulty', kind, fault: device.fault };
  }
  return states.every(([, device]) => device.state === 'ready') ? { is: 'ready' } : { is: 'unasked' };
}

/** The sound level as a word, for people who do not see the moving meter. */
export function loudness(level: number): 'silent' | 'quiet' | 'good' | 'loud' {
  if (level < 0.02) return 'silent';
  if (level < 0.12) return 'quiet';
  return level < 0.8 ? 'good' : 'loud';
}
