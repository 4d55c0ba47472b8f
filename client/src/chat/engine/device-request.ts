import type { DeviceError, DeviceKind } from './state';

const PICTURE: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const SOUND: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** A device that is asked for. */
export interface DeviceWish {
  readonly kind: DeviceKind;
  /** Undefined: whichever the browser takes by default. */
  readonly deviceId: string | undefined;
  /** Whether only this device will do. Otherwise the browser takes another one when this one is away. */
  readonly exact: boolean;
}

/**
 * Opens these devices with one request, so that the browser asks once. Rejects with the browser's error. What a device
 * cannot meet (a camera with 60 frames a second only) is asked for without conditions.
 */
export async function openDevices(wishes: readonly DeviceWish[]): Promise<MediaStreamTrack[]> {
  try {
    return (await navigator.mediaDevices.getUserMedia(constraintsFor(wishes, true))).getTracks();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'OverconstrainedError' || concernsDeviceId(error))
      throw error;
    return (await navigator.mediaDevices.getUserMedia(constraintsFor(wishes, false))).getTracks();
  }
}

const concernsDeviceId = (error: Error): boolean =>
  'constraint' in error && (error.constraint === 'deviceId' || error.constraint === 'groupId');

function constraintsFor(wishes: readonly DeviceWish[], conditions: boolean): MediaStreamConstraints {
  const of = (kind: DeviceKind, wanted: MediaTrackConstraints): MediaTrackConstraints | undefined => {
    const wish = wishes.find((one) => one.kind === kind);
    return wish && { ...(conditions ? wanted : {}), ...deviceConstraint(wish) };
  };
  const [video, audio] = [of('camera', PICTURE), of('microphone', SOUND)];
  return { ...(video && { video }), ...(audio && { audio }) };
}

const deviceConstraint = ({ deviceId, exact }: DeviceWish): MediaTrackConstraints =>
  deviceId === undefined || deviceId === ''
    ? {}
    : { deviceId: exact ? { exact: deviceId } : { ideal: deviceId } };

export const kindOf = (track: MediaStreamTrack): DeviceKind =>
  track.kind === 'video' ? 'camera' : 'microphone';

/** Why this browser or page cannot open devices at all. */
export function whyImpossible(): DeviceError | undefined {
  if (typeof RTCPeerConnection === 'undefined') return 'unsupported';
  if (navigator.mediaDevices?.getUserMedia === undefined)
    return window.isSecureContext ? 'unsupported' : 'insecure';
  return undefined;
}

/** The device error for a `DOMException` of `getUserMedia`. */
export function deviceErrorOf(error: unknown): DeviceError {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'unknown';
  }
}
