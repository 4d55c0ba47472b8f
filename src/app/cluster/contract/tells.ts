import { z } from 'zod';
import { MODES } from '../../../protocol';
import { callId, endReason, lineId, lineSchema, peerId, shardName, time } from './shapes';

const counts = z.record(z.enum(MODES), z.number().int());

/** What nodes tell each other without waiting for an answer. */
export const NOTIFICATIONS = {
  /** Every node to all, about twice a second. */
  heartbeat: z.object({
    /** Counted up by a node that may have been taken for dead: it lives, and knows what it has missed. */
    incarnation: z.number().int(),
    region: z.string(),
    role: z.enum(['all', 'signaling', 'media']),
    draining: z.boolean(),
    lines: z.number().int(),
    /** Media workers that live; 0 on a node that takes no lines. */
    workers: z.number().int(),
    total: z.number().int(),
    online: z.number().int(),
    connected: z.number().int(),
    calls: z.number().int(),
    /** People of this node's region who search, by mode. */
    searching: counts,
  }),
  /** The node is going: it wants to be nobody's any more. */
  leaving: z.object({}),

  /** To a person's seat: for their socket. `message` is a server event that the protocol's schema checks. */
  peer_message: z.object({ peerId, callId: callId.nullable(), message: z.unknown() }),
  /** To a member's seat: both can talk from now on. */
  participant_connected: z.object({ callId, peerId, at: time }),
  /** To a member's seat: the call is over. `by`: who ended it. */
  participant_call_ended: z.object({
    callId,
    peerId,
    reason: endReason,
    by: peerId.nullable(),
    at: time,
  }),
  /** To all: an adopted call is over, of which a seat has not spoken up; its former home may live and not know. */
  call_over: z.object({ callId }),
  /** To a member's seat: the call came to nothing through no fault of theirs, so they search on. */
  participant_requeued: z.object({ callId, peerId }),

  /** To the call's home: the member's socket is away, and their place is held for so long. */
  participant_away: z.object({
    callId,
    peerId,
    graceMs: z.number(),
    /** On the way to another node: back in a moment, so nobody need hear of it. */
    moving: z.boolean().default(false),
  }),
  participant_gone: z.object({ callId, peerId }),
  /** To the call's home: where the member's line is now; null: they have none. */
  participant_line: z.object({ callId, peerId, line: lineSchema.nullable() }),

  /** To a ticket's seat, from the director. */
  step_reached: z.object({ ticketId: z.string(), peerId, step: z.number().int() }),
  /** To a ticket's seat: claimed for a meeting that came to nothing; whoever still seeks with it goes on. */
  ticket_freed: z.object({ ticketId: z.string(), peerId }),
  ticket_expired: z.object({ ticketId: z.string(), peerId }),

  /** To the node a shard falls to: somebody is put into it. */
  shard_wanted: z.object({ shard: shardName }),

  /** To the seats of a call's members, from its home, which gives it up: one of them is to be its home. */
  call_handed_over: z.object({ callId, peerId }),

  /** To a line's seat, from its node. */
  line_lost: z.object({ peerId, lineId }),
  /** To a line's seat, from its node, which is to be empty soon. */
  line_move: z.object({ peerId, lineId }),
  /** To a line's node. */
  line_limit: z.object({ peerId, maxKbps: z.number() }),
  line_unproduce: z.object({ peerId, lineId, source: z.enum(['microphone', 'camera']) }),
  line_close: z.object({ peerId, lineId }),
  bridge_close: z.object({ callId, generation: z.number().int() }),
  pipe_close: z.object({ pipeId: z.string() }),
  /** To all, so to the call's home: the pipe is gone through which this joining flowed. */
  bridge_broken: z.object({ callId, generation: z.number().int() }),

  /** To all: what happened to an account. */
  account_event: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('loggedOut'), userId: peerId, logInIds: z.array(z.string()).nullable() }),
    z.object({ kind: z.literal('erased'), userId: peerId }),
    z.object({ kind: z.literal('renamed'), userId: peerId, name: z.string() }),
    z.object({ kind: z.literal('becameAccount'), userId: peerId }),
    z.object({ kind: z.literal('unblocked'), userId: peerId, otherId: peerId }),
  ]),
} as const;

export type NotificationName = keyof typeof NOTIFICATIONS;
export type NotificationData<T extends NotificationName> = z.infer<(typeof NOTIFICATIONS)[T]>;
export const isNotification = (name: string): name is NotificationName => Object.hasOwn(NOTIFICATIONS, name);
