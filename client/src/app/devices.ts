import type { Mode } from '../../../src/protocol';
import type { DeviceFault, DeviceState, Devices } from '../engine/state';

export type DeviceKind = 'camera' | 'microphone';

/** Whether the devices a mode needs can be used, and if not, which one is in the way. */
export type Readiness =
  | { is: 'ready' }
  | { is: 'unasked' }
  | { is: 'asking' }
  | { is: 'faulty'; kind: DeviceKind; fault: DeviceFault };

const NEEDED: Readonly<Record<Mode, readonly DeviceKind[]>> = {
  video: ['camera', 'microphone'],
  audio: ['microphone'],
  text: [],
};

/** The camera is named first: without it a video call makes no sense, without a microphone it may. */
export function readinessOf(mode: Mode, devices: Devices, withoutMicrophone = false): Readiness {
  const kinds = NEEDED[mode].filter((kind) => !(withoutMicrophone && kind === 'microphone'));
  const states = kinds.map((kind): readonly [DeviceKind, DeviceState] => [kind, devices[kind]]);
  if (states.some(([, device]) => device.state === 'asking')) return { is: 'asking' };
  for (const [kind, device] of states) {
    if (device.state === 'faulty') return { is: 'faulty', kind, fault: device.fault };
  }
  return states.every(([, device]) => device.state === 'ready') ? { is: 'ready' } : { is: 'unasked' };
}

/** How loud somebody is, in a word, for those who do not watch a moving meter. */
export function loudness(level: number): 'silent' | 'quiet' | 'good' | 'loud' {
  if (level < 0.02) return 'silent';
  if (level < 0.12) return 'quiet';
  return level < 0.8 ? 'good' : 'loud';
}
