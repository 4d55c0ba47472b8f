/** One layer of the picture as the browser is to send it. */
export interface PictureLayer {
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
}

const LOW_KBPS = 250;
/** More than this makes no picture of 1280 × 720 any better. */
const MOST_KBPS = 2_500;
/** What sound, with its corrections and headers, is left. */
const SOUND_KBPS = 100;

/**
 * Two layers, so that the forwarding unit can really adapt, also between two people (V3). The high one aims at what
 * the plan's ceiling leaves beside the low one and the sound: whatever went beyond it would only be lost on the way.
 */
export function layersUnder(ceilingKbps: number): [low: PictureLayer, high: PictureLayer] {
  const low = Math.min(LOW_KBPS, Math.floor((ceilingKbps - SOUND_KBPS) / 2));
  const high = Math.min(MOST_KBPS, ceilingKbps - low - SOUND_KBPS);
  return [
    { scaleResolutionDownBy: 2, maxBitrate: low * 1000 },
    { scaleResolutionDownBy: 1, maxBitrate: high * 1000 },
  ];
}
