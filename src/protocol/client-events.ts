import { z } from 'zod';
import { pastMessageSchema } from './chat';
import { LIMITS } from './limits';
import {
  consumerOptionsSchema,
  directionSchema,
  dtlsParametersSchema,
  iceParametersSchema,
  kindSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  sourceSchema,
  transportOptionsSchema,
} from './media';
import { wishesSchema } from './wishes';

const callId = z.string().min(1).max(64);
const messageId = z.string().min(1).max(64);
const nothing = z.object({});
/** Messages about a call name it. One about an earlier call is dropped, so it can never reach the next partner. */
const aboutCall = z.object({ callId });

export const REPORT_TYPES = [
  'harassment',
  'inappropriate_content',
  'nudity',
  'underage',
  'violence',
  'hate_speech',
  'spam',
  'scam',
  'impersonation',
  'other',
] as const;

/** Everything a client may send: the shape of `data` and of the reply's `data`. */
export const CLIENT_EVENTS = {
  /** The first message of every socket. The answer is `connected`. */
  hello: {
    data: z.object({
      protocol: z.number().int(),
      /** From an earlier `connected`: resumes the same peer. An unknown or old token is ignored. */
      resumeToken: z.string().max(128).optional(),
    }),
    reply: nothing,
  },

  /** Asks for a sign of life: pages cannot see the pings of the socket itself. */
  ping: { data: nothing, reply: nothing },

  find_partner: {
    data: wishesSchema.extend({
      /** The user has confirmed being of age and keeping to the rules. */
      agreed: z.boolean().default(false),
    }),
    reply: nothing,
  },
  cancel_search: { data: nothing, reply: nothing },
  next_partner: { data: aboutCall, reply: z.object({ pauseMs: z.number().int() }) },
  leave_room: { data: aboutCall, reply: nothing },
  accept_partner: { data: aboutCall, reply: nothing },

  chat_message: {
    data: z.object({
      callId,
      /** The sender's own id for it, so that a message sent again after a reconnect is not shown twice. */
      id: messageId,
      text: z
        .string()
        .max(LIMITS.chatChars)
        .refine((text) => text.trim() !== '', 'empty'),
    }),
    reply: z.object({ id: messageId, timestamp: z.number() }),
  },
  typing: { data: z.object({ callId, typing: z.boolean() }), reply: nothing },
  message_delivered: { data: z.object({ callId, id: messageId }), reply: nothing },
  message_read: { data: z.object({ callId, id: messageId }), reply: nothing },
  /**
   * The chat of the present call so far, for a page that was loaded anew: the newest messages that were sent no later
   * than `until`, oldest first. `more`: there are earlier ones. Pages may overlap in messages of one moment.
   */
  chat_history: {
    data: z.object({ callId, until: z.number().optional() }),
    reply: z.object({ messages: z.array(pastMessageSchema), more: z.boolean() }),
  },

  /** `callId` may also be that of a call that ended up to 5 minutes ago. */
  report_user: {
    data: z.object({
      callId,
      type: z.enum(REPORT_TYPES),
      words: z.string().max(LIMITS.reportChars).default(''),
    }),
    reply: z.object({ reportId: z.string() }),
  },
  /** `callId` as with `report_user`. Ends the call when it is the present one. */
  block_user: { data: aboutCall, reply: nothing },

  /**
   * Makes the peer's line: a sending and a receiving transport. The peer's earlier line is closed at once or, with
   * `makeBeforeBreak`, when the new line is ready.
   */
  line_open: {
    data: z.object({ rtpCapabilities: rtpCapabilitiesSchema, makeBeforeBreak: z.boolean().default(false) }),
    reply: z.object({
      lineId: z.string(),
      send: transportOptionsSchema,
      receive: transportOptionsSchema,
      /** A silent track of the server's own: consuming it makes the receiving transport connect. */
      silence: consumerOptionsSchema,
    }),
  },
  line_connect: {
    data: z.object({
      lineId: z.string().max(64),
      direction: directionSchema,
      dtlsParameters: dtlsParametersSchema,
    }),
    reply: nothing,
  },
  line_produce: {
    data: z.object({
      lineId: z.string().max(64),
      source: sourceSchema,
      kind: kindSchema,
      rtpParameters: rtpParametersSchema,
    }),
    reply: z.object({ producerId: z.string() }),
  },
  line_unproduce: { data: z.object({ lineId: z.string().max(64), source: sourceSchema }), reply: nothing },
  /** Everything that this line will send for now is produced; calls may be bridged over it. */
  line_ready: { data: z.object({ lineId: z.string().max(64) }), reply: nothing },
  line_restart_ice: {
    data: z.object({ lineId: z.string().max(64), direction: directionSchema }),
    reply: z.object({ iceParameters: iceParametersSchema }),
  },
  line_close: { data: z.object({ lineId: z.string().max(64) }), reply: nothing },
  /** What the peer sends on purpose: a mute or a camera switched off is reported, not guessed from silence. */
  media_state: { data: z.object({ microphone: z.boolean(), camera: z.boolean() }), reply: nothing },
  /**
   * The consumers of this generation are made and one's own producers run: let the media flow. `veiled`: nothing but a
   * veiled picture is sent. Before both have accepted, any other answer is `line_refused`.
   */
  call_media_ready: {
    data: z.object({ callId, generation: z.number().int(), veiled: z.boolean().default(false) }),
    reply: nothing,
  },
} as const;

export type ClientEvents = typeof CLIENT_EVENTS;
export type ClientEventName = keyof ClientEvents;
/** What a handler gets: parsed, with defaults filled in. */
export type ClientData<E extends ClientEventName> = z.infer<ClientEvents[E]['data']>;
/** What a client writes: before defaults. */
export type ClientInput<E extends ClientEventName> = z.input<ClientEvents[E]['data']>;
export type ClientReply<E extends ClientEventName> = z.infer<ClientEvents[E]['reply']>;

export const isClientEvent = (name: string): name is ClientEventName => Object.hasOwn(CLIENT_EVENTS, name);
