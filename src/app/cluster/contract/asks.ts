import { z } from 'zod';
import {
  directionSchema,
  dtlsParametersSchema,
  iceParametersSchema,
  kindSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  sourceSchema,
  transportOptionsSchema,
  consumerOptionsSchema,
} from '../../../protocol';
import {
  callId,
  callMediaSchema,
  delegateSchema,
  lineId,
  nodeAddress,
  personId,
  pipedProducerSchema,
  pipeEndSchema,
  seatNoteSchema,
  ticketStubSchema,
} from './shapes';

const nothing = z.object({});
const ofLine = z.object({ personId, lineId });
const generation = z.number().int();

/** What nodes ask each other, and the answers. A refusal comes back with its code. */
export const ASKS = {
  /** To a node with a person's seat: gives them up, and what they were doing with them. */
  seat_yield: {
    data: z.object({ personId, tokenHash: z.string().nullable() }),
    reply: z.object({ note: seatNoteSchema }),
  },

  /** To the home a new call is to have: these tickets are claimed and it is to open the call. */
  call_open: { data: z.object({ tickets: z.tuple([ticketStubSchema, ticketStubSchema]) }), reply: nothing },
  /** To a ticket's seat, from the call's home: takes the person for this call, if they still seek with this ticket. */
  member_take: {
    data: z.object({
      ticketId: z.string(),
      personId,
      callId,
      partner: z.object({ id: personId, name: z.string() }),
    }),
    reply: delegateSchema,
  },
  /** To the call's home: a member's message about the call, which is handled there as if their socket were there. */
  member_act: {
    data: z.object({ callId, personId, event: z.string(), data: z.unknown() }),
    reply: z.object({ data: z.record(z.string(), z.unknown()) }),
  },
  /** To the call's home: ends the call by this member's wish. */
  member_leave: {
    data: z.object({ callId, personId, reason: z.enum(['next', 'left', 'plan_over']) }),
    reply: nothing,
  },
  /** To the call's home: the member has this seat now, and is (still, again) here or away. */
  member_back: {
    data: z.object({ callId, personId, isHere: z.boolean(), delegate: delegateSchema }),
    /** When both could talk; null: not yet. */
    reply: z.object({ known: z.boolean(), connectedAt: z.number().nullable() }),
  },
  /** To a home: the members of its calls that have their seat here. Answers with those it knows nothing of. */
  members_audit: {
    data: z.object({ members: z.array(z.object({ callId, personId })) }),
    reply: z.object({ unknown: z.array(z.object({ callId, personId })) }),
  },

  /** To a seat: the lines here of people who are seated there. Answers with those it knows nothing of. */
  lines_audit: {
    data: z.object({ lines: z.array(ofLine) }),
    reply: z.object({ unknown: z.array(ofLine) }),
  },

  line_open: {
    data: z.object({ personId, rtpCapabilities: rtpCapabilitiesSchema, maxKbps: z.number() }),
    reply: z.object({
      lineId,
      router: z.string(),
      send: transportOptionsSchema,
      receive: transportOptionsSchema,
      silence: consumerOptionsSchema,
    }),
  },
  line_connect: {
    data: ofLine.extend({ direction: directionSchema, dtlsParameters: dtlsParametersSchema }),
    reply: nothing,
  },
  line_produce: {
    data: ofLine.extend({ source: sourceSchema, kind: kindSchema, rtpParameters: rtpParametersSchema }),
    reply: z.object({ producerId: z.string() }),
  },
  line_ready: { data: ofLine, reply: z.object({ changed: z.boolean() }) },
  line_restart_ice: {
    data: ofLine.extend({ direction: directionSchema }),
    reply: z.object({ iceParameters: iceParametersSchema }),
  },
  /** To a line's node: the person's seat is on the node that asks from now on. */
  line_seat: { data: ofLine, reply: z.object({ known: z.boolean() }) },

  /** To the node of the first line; the second one is there too, or where `other` says. */
  call_join: {
    data: z.object({
      callId,
      generation,
      sources: z.array(sourceSchema),
      beside: z.boolean().optional(),
      personIds: z.tuple([personId, personId]),
      other: z.object({ node: nodeAddress, router: z.string() }).nullable(),
    }),
    reply: z.object({ media: z.array(z.tuple([personId, callMediaSchema])) }),
  },
  call_open_way: { data: z.object({ callId, generation, sound: z.boolean() }), reply: nothing },
  call_let_flow: { data: z.object({ callId, generation, sound: z.boolean() }), reply: nothing },
  pipe_open: {
    data: z.object({ pipeId: z.string(), router: z.string(), end: pipeEndSchema }),
    reply: pipeEndSchema,
  },
  half_lay: {
    data: z.object({
      callId,
      generation,
      personId,
      sources: z.array(sourceSchema),
      beside: z.boolean().optional(),
      pipeId: z.string(),
      incoming: z.array(pipedProducerSchema),
    }),
    reply: z.object({ media: callMediaSchema, outgoing: z.array(pipedProducerSchema) }),
  },
} as const;

export type AskName = keyof typeof ASKS;
export type AskData<A extends AskName> = z.infer<(typeof ASKS)[A]['data']>;
export type AskReply<A extends AskName> = z.infer<(typeof ASKS)[A]['reply']>;
export const isAsk = (name: string): name is AskName => Object.hasOwn(ASKS, name);
