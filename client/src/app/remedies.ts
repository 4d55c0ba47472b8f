import type { DeviceFault } from '../engine/state';
import type { PlainKey } from '../words/catalogue';

/** What to do about each fault, step by step. */
export const REMEDIES: Readonly<Record<DeviceFault, readonly PlainKey[]>> = {
  denied: ['device.how.denied.1', 'device.how.denied.2', 'device.how.denied.3'],
  in_use: ['device.how.in_use.1', 'device.how.in_use.2'],
  missing: ['device.how.missing.1', 'device.how.missing.2'],
  lost: ['device.how.lost.1', 'device.how.lost.2'],
  insecure: ['device.how.insecure.1', 'device.how.insecure.2'],
  unsupported: ['device.how.unsupported.1', 'device.how.unsupported.2'],
  unknown: ['device.how.unknown.1', 'device.how.unknown.2'],
};

/** With these nothing that needs a line can work, so neither trying again nor voice is offered. */
export const HOPELESS: ReadonlySet<DeviceFault> = new Set<DeviceFault>(['insecure', 'unsupported']);
