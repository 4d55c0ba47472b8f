/** One simulcast layer of the picture that the browser sends, as `RTCRtpSender.setParameters` takes it. */
export interface CameraEncoding {
  readonly active: boolean;
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
}

/** What a camera gives. A browser need not say it. */
export interface CaptureSize {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export interface CameraEncodingsOptions {
  readonly capture: CaptureSize;
  /** The most that the line may send, picture and sound together. */
  readonly ceilingKbps: number;
  /** Before both have accepted. */
  readonly veiled: boolean;
  /** How many encodings the sender has; this cannot be changed after it was made. */
  readonly count?: number;
}

/**
 * A veiled picture may use this share of the whole picture's bitrate. Not all of it, because browsers test the connection
 * anew when what the layers may use rises, and so as soon as the veil goes.
 */
const VEILED_SHARE = 2 / 3;

/** The longer side of a veiled picture is at most this many pixels: too few to recognise a face. */
export const VEILED_PIXELS = 80;

/** How many encodings a camera's sender is made with, whatever camera it sends at first. */
export const LAYERS = 2;

const LOW_KBPS = 250;
/** Enough for a veiled picture, and little enough that two of them fit into the least that a browser estimates. */
const VEILED_KBPS = 60;
/** A higher bitrate does not improve a picture of 1280 × 720. */
const MOST_KBPS = 2_500;
const MOST_KBPS_AREA = 1280 * 720;
/** The share of the audio, including error correction and headers. */
const SOUND_KBPS = 100;

/** Browsers leave out the second layer of a smaller picture. They would send the low one alone, at half the size. */
const TWO_LAYERS_AREA = 480 * 270;

/** A camera that does not say its size is taken for a very large one, so that its veil is surely small enough. */
const UNKNOWN: Required<CaptureSize> = { width: 4096, height: 4096 };

/**
 * The encodings for a camera, lowest layer first. Two layers, so that the SFU can adapt the quality of a call of two as
 * well (V3); a small picture has one. The layer that is left is the first one, because that is the one that browsers send
 * in any case.
 */
export function cameraEncodings(options: CameraEncodingsOptions): readonly CameraEncoding[] {
  const { capture, ceilingKbps, veiled, count = LAYERS } = options;
  const { width, height } = known(capture);
  const most = ceilingKbps - SOUND_KBPS;
  const low = Math.min(LOW_KBPS, Math.floor(most / 2));
  const useful = usefulKbps(width * height);
  // No camera is enlarged; one that is smaller than the veil is sent as it is.
  if (veiled) {
    const kbps = Math.floor(Math.min(useful, most) * VEILED_SHARE);
    return veil(Math.max(1, Math.max(width, height) / VEILED_PIXELS), kbps, count);
  }
  if (count === 1 || width * height < TWO_LAYERS_AREA) return alone(1, Math.min(useful, most), count);
  // The high layer gets what the plan's ceiling leaves beside the low layer and the audio, because packets above the
  // ceiling would be lost.
  const high = Math.max(low, Math.min(useful, most - low));
  return [
    { active: true, scaleResolutionDownBy: 2, maxBitrate: low * 1000 },
    { active: true, scaleResolutionDownBy: 1, maxBitrate: high * 1000 },
  ];
}

/** Whether a sender that reports `actual` sends just `wanted`. No encodings at all prove nothing. */
export function matches(
  actual: readonly RTCRtpEncodingParameters[],
  wanted: readonly CameraEncoding[],
): boolean {
  return (
    actual.length > 0 &&
    actual.length === wanted.length &&
    wanted.every((layer, index) => {
      const { active, scaleResolutionDownBy = 1 } = actual[index] ?? {};
      if (!layer.active) return active === false;
      const difference = Math.abs(scaleResolutionDownBy - layer.scaleResolutionDownBy);
      return active !== false && difference < TOLERANCE;
    })
  );
}

/** Browsers store factors in single or double precision. */
const TOLERANCE = 0.001;

const known = ({ width = 0, height = 0 }: CaptureSize): Required<CaptureSize> =>
  width > 0 && height > 0 ? { width, height } : UNKNOWN;

/**
 * All layers equally small. The higher ones run along, so that the SFU can switch to them as soon as the veil is off. The
 * highest may use most of the whole picture's bitrate, although a veiled one needs a twentieth of it: a browser tests its
 * connection only up to what its layers may use. With less, its estimate was too low for the high layer when the veil
 * went, or so low that it stopped that layer, and the whole picture came seconds late.
 */
const veil = (scaleResolutionDownBy: number, kbps: number, count: number): CameraEncoding[] => {
  const low = Math.min(VEILED_KBPS, Math.floor(kbps / count));
  return Array.from({ length: count }, (_, layer) => ({
    active: true,
    scaleResolutionDownBy,
    maxBitrate: (layer === count - 1 ? kbps - low * layer : low) * 1000,
  }));
};

/** The first layer alone. The others are off, and scaled down just as much, should a browser send them all the same. */
const alone = (scaleResolutionDownBy: number, kbps: number, count: number): CameraEncoding[] =>
  Array.from({ length: count }, (_, layer) => ({
    active: layer === 0,
    scaleResolutionDownBy,
    maxBitrate: kbps * 1000,
  }));

/** The highest bitrate that still improves a picture of this many pixels. */
const usefulKbps = (area: number): number =>
  Math.round(Math.min(MOST_KBPS, Math.max(LOW_KBPS, (MOST_KBPS * area) / MOST_KBPS_AREA)));
