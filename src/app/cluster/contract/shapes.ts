import { z } from 'zod';
import {
  AGE_BANDS,
  END_REASONS,
  MESSAGE_STATES,
  MODES,
  consumerOptionsSchema,
  kindSchema,
  rtpParametersSchema,
  sourceSchema,
  wishesSchema,
} from '../../../protocol';

/** Shapes that nodes tell each other and leave for each other. */

export const peerId = z.string().min(1).max(128);
export const callId = z.string().min(1).max(64);
export const lineId = z.string().min(1).max(64);
export const nodeAddress = z.string().min(1).max(128);
export const shardName = z.string().regex(/^[^{}\s]{1,128}$/);
export const time = z.number();
export const mode = z.enum(MODES);
export const endReason = z.enum(END_REASONS);

/** Where a person's line is. Somebody without one has null in its place. */
export const lineSchema = z.object({
  node: nodeAddress,
  lineId,
  router: z.string().min(1).max(128),
  /** Calls may join it. */
  ready: z.boolean(),
});
export type LineAt = z.infer<typeof lineSchema>;

export const identitySchema = z.object({
  userId: peerId,
  name: z.string(),
  isAnonymous: z.boolean(),
  ageBand: z.enum(AGE_BANDS).nullable(),
  blocked: z.array(z.string()),
  logInId: z.string().nullable(),
  guestSession: z.string().nullable(),
  windowOf: z.string().optional(),
});

export const switchesSchema = z.object({ microphone: z.boolean(), camera: z.boolean() });

/** A person as the home of their call has to know them. */
export const remotePeerSchema = z.object({
  identity: identitySchema,
  addressHash: z.string().nullable(),
  media: switchesSchema,
  wishes: wishesSchema,
  since: time,
  line: lineSchema.nullable(),
});
export type RemotePeerState = z.infer<typeof remotePeerSchema>;

export const pipeEndSchema = z.object({
  ip: z.string().min(1).max(256),
  port: z.number().int().min(1).max(65_535),
  srtp: z.object({ cryptoSuite: z.string().max(64), keyBase64: z.string().max(256) }),
});

export const pipedProducerSchema = z.object({
  source: sourceSchema,
  kind: kindSchema,
  rtpParameters: rtpParametersSchema,
});

export const callMediaSchema = z.object({
  generation: z.number().int(),
  consumers: z.array(consumerOptionsSchema),
});

/** As much of a claimed ticket as opening its call takes. */
export const ticketStubSchema = z.object({
  id: z.string().min(1),
  peerId,
  since: time,
  mode,
  node: nodeAddress,
});
export type TicketStub = z.infer<typeof ticketStubSchema>;

export const encounterSchema = z.object({ peerId, at: time });

const paceSchema = z.object({ tokens: z.number(), at: time });

/** What somebody is doing, for whoever gives them a seat next. */
export const activitySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('searching'), wishes: wishesSchema, since: time, ticketId: z.string() }),
  z.object({ state: z.literal('cooldown'), wishes: wishesSchema, until: time }),
  z.object({
    state: z.literal('in_call'),
    wishes: wishesSchema,
    since: time,
    callId,
    owner: nodeAddress,
    partner: z.object({ id: peerId, name: z.string() }),
  }),
]);
export type PeerActivity = z.infer<typeof activitySchema>;

/** A person's seat as it is written down, so that another node can seat them when this one is gone. */
export const peerSnapshotSchema = z.object({
  node: nodeAddress,
  /** SHA-256 of the resume token: whoever shows that token is this person. */
  tokenHash: z.string(),
  identity: identitySchema,
  isHere: z.boolean(),
  activity: activitySchema,
  skips: paceSchema.nullable(),
  endedLastCall: z.boolean(),
  encounters: z.array(encounterSchema),
  addressHash: z.string().nullable(),
  media: switchesSchema,
  line: lineSchema.nullable(),
});
export type PeerSnapshot = z.infer<typeof peerSnapshotSchema>;

/** Where the media of a call flows: which nodes have a part in it, and of which lines it is made. */
export const bridgeLocationSchema = z.object({
  generation: z.number().int(),
  nodes: z.array(nodeAddress).max(2),
  lines: z.tuple([lineId, lineId]),
});
export type BridgeLocation = z.infer<typeof bridgeLocationSchema>;

export const chatEntrySchema = z.object({
  id: z.string(),
  senderId: peerId,
  text: z.string(),
  timestamp: time,
  status: z.enum(MESSAGE_STATES),
});

/** A call as it is written down, so that another node can be its home when this one is gone. */
export const callSnapshotSchema = z.object({
  mode,
  matchedAt: time,
  participants: z.tuple([
    z.object({ remotePeer: remotePeerSchema, accepted: z.boolean() }),
    z.object({ remotePeer: remotePeerSchema, accepted: z.boolean() }),
  ]),
  /** Until when both have to say yes; null once the call is open. */
  acceptUntil: time.nullable(),
  flowedAt: time.nullable(),
  connectedAt: time.nullable(),
  /** Chat lines accepted so far, and those of them that somebody may still not have. */
  messageCount: z.number().int(),
  undelivered: z.array(chatEntrySchema),
  /** Where its home gives it up of its own will: where its members are seated, and what flows and can go on. */
  handedOver: z
    .object({ peerDirectory: z.tuple([nodeAddress, nodeAddress]), bridge: bridgeLocationSchema.nullable() })
    .nullable()
    .default(null),
});
export type CallSnapshot = z.infer<typeof callSnapshotSchema>;
