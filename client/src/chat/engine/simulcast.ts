/** One simulcast layer of the video that the browser sends. */
export interface SimulcastLayer {
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
}

const LOW_KBPS = 250;
/** A higher bitrate does not improve a picture of 1280 × 720. */
const MOST_KBPS = 2_500;
/** The share of the audio, including error correction and headers. */
const SOUND_KBPS = 100;

/**
 * Two layers, so that the SFU can adapt the quality of a call of two as well (V3). The high layer gets what the
 * plan's ceiling leaves beside the low layer and the audio, because packets above the ceiling would be lost.
 */
export function simulcastLayersFor(ceilingKbps: number): [low: SimulcastLayer, high: SimulcastLayer] {
  const low = Math.min(LOW_KBPS, Math.floor((ceilingKbps - SOUND_KBPS) / 2));
  const high = Math.min(MOST_KBPS, ceilingKbps - low - SOUND_KBPS);
  return [
    { scaleResolutionDownBy: 2, maxBitrate: low * 1000 },
    { scaleResolutionDownBy: 1, maxBitrate: high * 1000 },
  ];
}
