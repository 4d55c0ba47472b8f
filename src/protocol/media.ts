import { z } from 'zod';

/**
 * Wire shapes of the parameters that mediasoup-client and the server exchange. mediasoup checks their meaning (it throws
 * a TypeError for a wrong one, which becomes `line_refused`). These schemas limit their size and shape and drop unnamed
 * fields, so that `id`, `appData` and the like never reach mediasoup.
 */

const shortText = z.string().max(256);
const small = z.number().int().min(0).max(0xffffffff);

export const dtlsParametersSchema = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^([0-9A-Fa-f]{2}:){19,63}[0-9A-Fa-f]{2}$/),
      }),
    )
    .min(1)
    .max(8),
});
export type DtlsParameters = z.infer<typeof dtlsParametersSchema>;

export const iceParametersSchema = z.object({
  usernameFragment: shortText,
  password: shortText,
  iceLite: z.boolean().optional(),
});

export const iceCandidateSchema = z.object({
  foundation: shortText,
  priority: small,
  ip: shortText,
  address: shortText,
  protocol: z.enum(['udp', 'tcp']),
  port: z.number().int().min(0).max(65535),
  type: z.enum(['host', 'srflx', 'prflx', 'relay']),
  tcpType: z.literal('passive').optional(),
});

export const kindSchema = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof kindSchema>;

/** Where a producer's media comes from. A line has at most one producer of each source. */
export const sourceSchema = z.enum(['microphone', 'camera']);
export type Source = z.infer<typeof sourceSchema>;

const isPlain = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
/** Codec and extension settings: flat, and few. mediasoup types their values as unknown, so this does too. */
const codecSettings = z
  .record(z.string().max(64), z.unknown())
  .refine((settings) => Object.keys(settings).length <= 32 && Object.values(settings).every(isPlain));

const rtcpFeedbackSchema = z.object({ type: shortText, parameter: shortText.optional() });

export const rtpCodecParametersSchema = z.object({
  mimeType: z.string().max(64),
  payloadType: z.number().int().min(0).max(127),
  clockRate: small,
  channels: z.number().int().min(1).max(8).optional(),
  parameters: codecSettings.optional(),
  rtcpFeedback: z.array(rtcpFeedbackSchema).max(16).optional(),
});

/** The header extensions that mediasoup and mediasoup-client both know. Others are dropped, not rejected. */
const HEADER_EXTENSION_URIS = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
] as const;
type HeaderExtensionUri = (typeof HEADER_EXTENSION_URIS)[number];
const isKnownUri = (uri: string): uri is HeaderExtensionUri =>
  (HEADER_EXTENSION_URIS as readonly string[]).includes(uri);
export const knownHeaderExtensions = <E extends { uri: string }>(
  items: E[],
): (E & { uri: HeaderExtensionUri })[] =>
  items.flatMap((item) => (isKnownUri(item.uri) ? [{ ...item, uri: item.uri }] : []));

export const rtpHeaderExtensionParametersSchema = z.object({
  uri: z.string().max(256),
  id: z.number().int().min(1).max(255),
  encrypt: z.boolean().optional(),
  parameters: codecSettings.optional(),
});

export const rtpEncodingParametersSchema = z.object({
  ssrc: small.optional(),
  rid: z.string().max(64).optional(),
  codecPayloadType: z.number().int().min(0).max(127).optional(),
  rtx: z.object({ ssrc: small }).optional(),
  dtx: z.boolean().optional(),
  scalabilityMode: z.string().max(16).optional(),
  scaleResolutionDownBy: z.number().min(1).max(64).optional(),
  maxBitrate: small.optional(),
});

export const rtpParametersSchema = z.object({
  mid: shortText.optional(),
  codecs: z.array(rtpCodecParametersSchema).min(1).max(32),
  headerExtensions: z
    .array(rtpHeaderExtensionParametersSchema)
    .max(32)
    .transform(knownHeaderExtensions)
    .optional(),
  encodings: z.array(rtpEncodingParametersSchema).min(1).max(4).optional(),
  rtcp: z.object({ cname: shortText.optional(), reducedSize: z.boolean().optional() }).optional(),
  msid: shortText.optional(),
});
export type RtpParameters = z.infer<typeof rtpParametersSchema>;

export const rtpCodecCapabilitySchema = z.object({
  kind: kindSchema,
  mimeType: z.string().max(64),
  preferredPayloadType: z.number().int().min(0).max(127),
  clockRate: small,
  channels: z.number().int().min(1).max(8).optional(),
  parameters: codecSettings.optional(),
  rtcpFeedback: z.array(rtcpFeedbackSchema).max(16).optional(),
});

export const rtpCapabilitiesSchema = z.object({
  codecs: z.array(rtpCodecCapabilitySchema).max(64).optional(),
  headerExtensions: z
    .array(
      z.object({
        kind: kindSchema,
        uri: z.string().max(256),
        preferredId: z.number().int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(64)
    .transform(knownHeaderExtensions)
    .optional(),
});
export type RtpCapabilities = z.infer<typeof rtpCapabilitiesSchema>;

/** All that mediasoup-client needs to make its side of a transport. */
export const transportOptionsSchema = z.object({
  id: shortText,
  iceParameters: iceParametersSchema,
  iceCandidates: z.array(iceCandidateSchema).max(32),
  dtlsParameters: dtlsParametersSchema,
});
export type TransportOptions = z.infer<typeof transportOptionsSchema>;

/** All that mediasoup-client needs to consume one producer. */
export const consumerOptionsSchema = z.object({
  id: shortText,
  producerId: shortText,
  kind: kindSchema,
  rtpParameters: rtpParametersSchema,
  source: z.union([sourceSchema, z.literal('silence')]),
});
export type ConsumerOptions = z.infer<typeof consumerOptionsSchema>;

export const directionSchema = z.enum(['send', 'receive']);
export type Direction = z.infer<typeof directionSchema>;

export const iceServerSchema = z.object({
  urls: z.array(z.string().max(256)).min(1),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof iceServerSchema>;
