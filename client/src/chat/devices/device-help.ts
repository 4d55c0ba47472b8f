import type { DeviceError } from '../engine/state';
import type { PlainKey } from '../words';

/** What to do about each device error, step by step. */
export const DEVICE_HELP: Readonly<Record<DeviceError, readonly PlainKey[]>> = {
  denied: ['device.how.denied.1', 'device.how.denied.2', 'device.how.denied.3'],
  in_use: ['device.how.in_use.1', 'device.how.in_use.2'],
  missing: ['device.how.missing.1', 'device.how.missing.2'],
  lost: ['device.how.lost.1', 'device.how.lost.2'],
  no_answer: ['device.how.no_answer.1', 'device.how.no_answer.2'],
  insecure: ['device.how.insecure.1', 'device.how.insecure.2'],
  unsupported: ['device.how.unsupported.1', 'device.how.unsupported.2'],
  unknown: ['device.how.unknown.1', 'device.how.unknown.2'],
};

/** Errors that no retry can fix, so the app offers neither a retry nor a voice call. */
export const UNRECOVERABLE_ERRORS: ReadonlySet<DeviceError> = new Set<DeviceError>([
  'insecure',
  'unsupported',
]);
