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
  remotePeerSchema,
  lineId,
  nodeAddress,
  peerId,
  pipedProducerSchema,
  pipeEndSchema,
  peerSnapshotSchema,
  ticketStubSchema,
} from './shapes';

const nothing = z.object({});
const ofLine = z.object({ peerId, lineId });
const generation = z.number().int();

/** What nodes ask each other, and the answers. A refusal comes back with its code. */
export const REQUESTS = {
  /** To a node with a person's seat: gives them up, and what they were doing with them. */
  peer_release: {
    data: z.object({ peerId, tokenHash: z.string().nullable() }),
    reply: z.object({ note: peerSnapshotSchema }),
  },

  /** To the home a new call is to have: these tickets are claimed and it is to open the call. */
  match_commit: {
    data: z.object({ tickets: z.tuple([ticketStubSchema, ticketStubSchema]) }),
    reply: nothing,
  },
  /** To a ticket's seat, from the call's home: takes the person for this call, if they still seek with this ticket. */
  peer_claim: {
    data: z.object({
      ticketId: z.string(),
      peerId,
      callId,
      partner: z.object({ id: peerId, name: z.string() }),
    }),
    reply: remotePeerSchema,
  },
  /** To the call's home: a member's message about the call, which is handled there as if their socket were there. */
  participant_command: {
    data: z.object({ callId, peerId, event: z.string(), data: z.unknown() }),
    reply: z.object({ data: z.record(z.string(), z.unknown()) }),
  },
  /** To the call's home: ends the call by this member's wish. */
  participant_leave: {
    data: z.object({ callId, peerId, reason: z.enum(['next', 'left', 'plan_over']) }),
    reply: nothing,
  },
  /** To the call's home: the member has this seat now, and is (still, again) here or away. */
  participant_back: {
    data: z.object({ callId, peerId, isHere: z.boolean(), remotePeer: remotePeerSchema }),
    /** When both could talk; null: not yet. */
    reply: z.object({ known: z.boolean(), connectedAt: z.number().nullable() }),
  },
  /** To a home: the members of its calls that have their seat here. Answers with those it knows nothing of. */
  participants_reconcile: {
    data: z.object({ participants: z.array(z.object({ callId, peerId })) }),
    reply: z.object({ unknown: z.array(z.object({ callId, peerId })) }),
  },

  /** To a seat: the lines here of people who are seated there. Answers with those it knows nothing of. */
  lines_reconcile: {
    data: z.object({ lines: z.array(ofLine) }),
    reply: z.object({ unknown: z.array(ofLine) }),
  },

  line_open: {
    data: z.object({ peerId, rtpCapabilities: rtpCapabilitiesSchema, maxKbps: z.number() }),
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
  line_gateway: { data: ofLine, reply: z.object({ known: z.boolean() }) },

  /** To the node of the first line; the second one is there too, or where `other` says. */
  bridge_create: {
    data: z.object({
      callId,
      generation,
      sources: z.array(sourceSchema),
      makeBeforeBreak: z.boolean().optional(),
      peerIds: z.tuple([peerId, peerId]),
      other: z.object({ node: nodeAddress, router: z.string() }).nullable(),
    }),
    reply: z.object({ media: z.array(z.tuple([peerId, callMediaSchema])) }),
  },
  bridge_resume_consumers: { data: z.object({ callId, generation, sound: z.boolean() }), reply: nothing },
  bridge_resume_producers: { data: z.object({ callId, generation, sound: z.boolean() }), reply: nothing },
  pipe_open: {
    data: z.object({ pipeId: z.string(), router: z.string(), end: pipeEndSchema }),
    reply: pipeEndSchema,
  },
  bridge_leg_create: {
    data: z.object({
      callId,
      generation,
      peerId,
      sources: z.array(sourceSchema),
      makeBeforeBreak: z.boolean().optional(),
      pipeId: z.string(),
      incoming: z.array(pipedProducerSchema),
    }),
    reply: z.object({ media: callMediaSchema, outgoing: z.array(pipedProducerSchema) }),
  },
} as const;

export type RequestName = keyof typeof REQUESTS;
export type RequestData<A extends RequestName> = z.infer<(typeof REQUESTS)[A]['data']>;
export type RequestReply<A extends RequestName> = z.infer<(typeof REQUESTS)[A]['reply']>;
export const isRequest = (name: string): name is RequestName => Object.hasOwn(REQUESTS, name);
