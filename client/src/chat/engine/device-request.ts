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
 * cannot meet (a camera with 60 frames a second only) is asked for without conditions, and a device that is away but
 * not insisted on is replaced by the browser's default. Wishing for a device is not enough: browsers overlook it.
 */
export async function openDevices(wishes: readonly DeviceWish[]): Promise<MediaStreamTrack[]> {
  let failure: unknown;
  for (const variant of variantsOf(wishes)) {
    for (const conditions of [true, false]) {
      try {
        return (await navigator.mediaDevices.getUserMedia(constraintsFor(variant, conditions))).getTracks();
      } catch (error) {
        failure = error;
        const name = error instanceof Error ? error.name : '';
        if (name !== 'OverconstrainedError' && name !== 'NotFoundError') throw error;
        if (name === 'NotFoundError' || concernsDeviceId(error)) break;
      }
    }
  }
  throw failure;
}

/** First with all ids, then without one of them, and then without any. The browser does not say which device is away. */
function variantsOf(wishes: readonly DeviceWish[]): (readonly DeviceWish[])[] {
  const free = wishes.filter(({ deviceId, exact }) => deviceId !== undefined && !exact);
  const without = (...dropped: readonly DeviceWish[]): readonly DeviceWish[] =>
    wishes.map((wish) => (dropped.includes(wish) ? { ...wish, deviceId: undefined } : wish));
  const several = free.length > 1 ? free.map((wish) => without(wish)) : [];
  return [wishes, ...several, ...(free.length > 0 ? [without(...free)] : [])];
}

const concernsDeviceId = (error: unknown): boolean =>
  error instanceof Error &&
  'constraint' in error &&
  (error.constraint === 'deviceId' || error.constraint === 'groupId');

function constraintsFor(wishes: readonly DeviceWish[], conditions: boolean): MediaStreamConstraints {
  const of = (kind: DeviceKind, wanted: MediaTrackConstraints): MediaTrackConstraints | undefined => {
    const wish = wishes.find((one) => one.kind === kind);
    return wish && { ...(conditions ? wanted : {}), ...deviceConstraint(wish) };
  };
  const [video, audio] = [of('camera', PICTURE), of('microphone', SOUND)];
  return { ...(video && { video }), ...(audio && { audio }) };
}

const deviceConstraint = ({ deviceId }: DeviceWish): MediaTrackConstraints =>
  deviceId === undefined || deviceId === '' ? {} : { deviceId: { exact: deviceId } };

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
