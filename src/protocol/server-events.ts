import { z } from 'zod';
import { planStateSchema } from './api/plans';
import { wireBanSchema } from './ban';
import { MESSAGE_STATES } from './chat';
import { errorSchema } from './envelope';
import { consumerOptionsSchema, iceServerSchema, rtpCapabilitiesSchema } from './media';
import { countrySchema, modeSchema } from './wishes';

const callId = z.string();

/** How far a search looks: the circles it passes through, nearest first. */
export const CIRCLES = ['interest', 'near', 'language', 'anyone'] as const;
export const circleSchema = z.enum(CIRCLES);
export type Circle = z.infer<typeof circleSchema>;

/** What a participant's client has to consume in a call. A later generation wholly replaces an earlier one. */
export const callMediaSchema = z.object({
  generation: z.number().int(),
  consumers: z.array(consumerOptionsSchema),
});
export type CallMedia = z.infer<typeof callMediaSchema>;

export const END_REASONS = [
  'next',
  'left',
  'blocked',
  'lost',
  'not_accepted',
  'media_failed',
  /** The plan of the receiver has no minutes left; the partner gets `left`. */
  'plan_over',
  'shutting_down',
] as const;
export const endReasonSchema = z.enum(END_REASONS);
export type EndReason = z.infer<typeof endReasonSchema>;

const statsSchema = z.object({
  /** All peers, including those whose socket dropped less than 15 s ago. */
  total: z.number().int(),
  /** People with an open window, however many windows. */
  online: z.number().int(),
  searching: z.number().int(),
  /** Those who search, by the mode that they search in. */
  searchingBy: z.object({
    video: z.number().int(),
    audio: z.number().int(),
    text: z.number().int(),
  }),
  connected: z.number().int(),
});
export type Stats = z.infer<typeof statsSchema>;

/** Everything a server may send. */
export const SERVER_EVENTS = {
  connected: z.object({
    protocol: z.number().int(),
    userId: z.string(),
    name: z.string(),
    /** Whether this is a guest rather than an account. */
    isAnonymous: z.boolean(),
    /** What the plan allows and what is left of it. */
    plan: planStateSchema,
    resumeToken: z.string(),
    /** True when the resume token was good. `waiting_for_partner` or `partner_found` follow if they still hold. */
    resumed: z.boolean(),
    /** The server's state of this peer, so that a client that missed an event sees it. */
    session: z.object({ state: z.enum(['idle', 'searching', 'call']), callId: z.string().nullable() }),
    iceServers: z.array(iceServerSchema),
    routerRtpCapabilities: rtpCapabilitiesSchema,
    stats: statsSchema,
  }),

  waiting_for_partner: z.object({
    mode: modeSchema,
    /** Search begins after this much time (a pause after skipping too fast), else 0. */
    pauseMs: z.number().int(),
    waitedMs: z.number().int(),
    /** Index into `steps` of the step this search is in. */
    step: z.number().int(),
    steps: z.array(z.object({ circle: circleSchema, afterMs: z.number().int() })),
    /** Likely further wait, or null where it cannot be said honestly. */
    estimateMs: z.number().int().nullable(),
    /** Others who search in the same mode. Who blocked the peer or is blocked is left out, as far as this node knows. */
    waiting: z.number().int(),
    /** The search is interrupted by an error of the server; it continues by itself. */
    held: z.boolean().default(false),
  }),
  /** The search is over without a match: it took too long, or the server could not continue it. */
  search_ended: z.object({ reason: z.enum(['expired', 'failed']) }),

  partner_found: z.object({
    callId,
    matchedAt: z.number(),
    /** How long both could talk so far. It says more than a time, because clocks of devices differ. */
    talkedMs: z.number().int().nonnegative().default(0),
    mode: modeSchema,
    /** `country`: only where both show theirs. */
    partner: z.object({ id: z.string(), name: z.string(), country: countrySchema.optional() }),
    shared: z.object({ interests: z.array(z.string()), languages: z.array(z.string()) }),
    /** Null when the call is open at once; else both have to accept within this time. */
    accept: z.object({ remainingMs: z.number().int(), you: z.boolean() }).nullable(),
    /** Null for text, and when a line is still being made; `call_media` follows then. */
    media: callMediaSchema.nullable(),
    /** True when this repeats a call that already went on (after a resume). */
    again: z.boolean(),
  }),
  call_media: callMediaSchema.extend({ callId }),
  /** Both participants have accepted. */
  call_open: z.object({ callId }),
  /** All of the partner's state, whenever any of it changes. */
  partner_state: z.object({
    callId,
    microphone: z.boolean(),
    camera: z.boolean(),
    accepted: z.boolean(),
    typing: z.boolean(),
    present: z.boolean(),
  }),
  partner_reconnecting: z.object({ callId, graceMs: z.number().int() }),
  /** The call is over and this peer is idle; another one ended it, or it broke off. */
  partner_disconnected: z.object({ callId, reason: endReasonSchema }),
  /** The peer's line is gone (its worker died). The client makes a new one, and the call is bridged again. */
  line_lost: z.object({ lineId: z.string() }),
  /** The media node of the peer's line is drained. The client makes a new line beside it, and then closes this one. */
  line_move: z.object({ lineId: z.string() }),

  chat_message: z.object({
    callId,
    id: z.string(),
    senderId: z.string(),
    senderUsername: z.string(),
    type: z.literal('text'),
    content: z.string(),
    timestamp: z.number(),
  }),
  message_status: z.object({ callId, id: z.string(), status: z.enum(MESSAGE_STATES) }),

  stats: statsSchema,
  notice: z.discriminatedUnion('code', [
    z.object({ code: z.literal('shutting_down') }),
    /** The plan's minutes are about to run out: the call then ends. */
    z.object({ code: z.literal('plan_minutes_low'), leftMs: z.number().int() }),
  ]),
  /** This user is kept out from now on; the socket is closed next. */
  banned: wireBanSchema,
  error: errorSchema,
} as const;

export type ServerEvents = typeof SERVER_EVENTS;
export type ServerEventName = keyof ServerEvents;
export type ServerData<E extends ServerEventName> = z.infer<ServerEvents[E]>;
/** One server message as a discriminated union, for senders and for the client's reducer. */
export type ServerMessage = { [E in ServerEventName]: { event: E; data: ServerData<E> } }[ServerEventName];

export const isServerEvent = (name: string): name is ServerEventName => Object.hasOwn(SERVER_EVENTS, name);
