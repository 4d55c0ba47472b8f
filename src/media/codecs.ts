import type { types } from 'mediasoup';

/**
 * What every router speaks (V3): Opus with forward error correction and silence left out, and VP8, which every
 * browser can send in two simulcast layers and which evidence can keep without transcoding.
 */
export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  {
    kind: 'video',
    mimeType: 'video/VP8',
    clockRate: 90_000,
    // As the clients ask for, too: browsers start at about 300 kbit/s, and a new call would be blurred for seconds.
    parameters: { 'x-google-start-bitrate': 800 },
  },
];

/** Opus that is never sent. A receiving transport connects only when it consumes something: the silent producer. */
export const SILENCE: types.RtpParameters = {
  codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: 1 }],
  rtcp: { cname: 'silence' },
};

/** Bits per second a receiving transport starts from, before it has measured anything: enough for the high layer. */
export const INITIAL_OUTGOING_BITRATE = 1_200_000;
