import type { Mode } from '../../../../src/protocol';
import type { DeviceKind } from './state';

/** The camera comes first: a video call makes no sense without it, but it may without a microphone. */
export const NEEDED_DEVICES: Readonly<Record<Mode, readonly DeviceKind[]>> = {
  video: ['camera', 'microphone'],
  audio: ['microphone'],
  text: [],
};
