import { z } from 'zod';
import { MESSAGE_STATES } from '../../protocol';
import { duration, mode, nodeAddress, peerId, time } from '../cluster/shapes';
import { bridgeLocationSchema } from '../lines/line-location';
import { remotePeerSchema } from './remote-peer-schema';

export const chatEntrySchema = z.object({
  id: z.string(),
  senderId: peerId,
  text: z.string(),
  timestamp: time,
  status: z.enum(MESSAGE_STATES),
});

const participantSchema = z.object({ remotePeer: remotePeerSchema, accepted: z.boolean() });

/** A call as its owner node writes it down, so that another node can own the call when this one is dead or drained. */
export const callSnapshotSchema = z.object({
  mode,
  /** When this was written: all durations are as of then. */
  writtenAt: time,
  matchedAt: time,
  /** How long ago that was. */
  matchedMs: duration,
  participants: z.tuple([participantSchema, participantSchema]),
  /** How long both may still take to accept; null once the call is open. */
  acceptLeftMs: duration.nullable(),
  connectionTimeMs: duration.nullable(),
  /** The generation of the last bridge; 0 where there was none. */
  generation: z.number().int(),
  /** When both participants could talk for the first time, and for how long they could since; null: not yet. */
  connected: z.object({ at: time, talkedMs: duration }).nullable(),
  /** Chat messages accepted so far. */
  messageCount: z.number().int(),
  /** The messages that the partner may not have received yet. */
  undelivered: z.array(chatEntrySchema),
  /** Set when the owner hands the call over: the participants' gateways, and the bridge that goes on flowing. */
  handedOver: z
    .object({ gateways: z.tuple([nodeAddress, nodeAddress]), bridge: bridgeLocationSchema.nullable() })
    .nullable()
    .default(null),
});
export type CallSnapshot = z.infer<typeof callSnapshotSchema>;

/** The snapshot of a call that has gone on for so long (ms) since. */
export function callSnapshotAfter(snapshot: CallSnapshot, ms: number): CallSnapshot {
  const { matchedMs, acceptLeftMs, connected, participants } = snapshot;
  type Written = CallSnapshot['participants'][number];
  const later = ({ remotePeer, accepted }: Written): Written => ({
    remotePeer: { ...remotePeer, waitedMs: remotePeer.waitedMs + ms },
    accepted,
  });
  return {
    ...snapshot,
    matchedMs: matchedMs + ms,
    acceptLeftMs: acceptLeftMs === null ? null : Math.max(0, acceptLeftMs - ms),
    connected: connected === null ? null : { ...connected, talkedMs: connected.talkedMs + ms },
    participants: [later(participants[0]), later(participants[1])],
  };
}
