import { z } from 'zod';
import { MESSAGE_STATES } from '../../protocol';
import { mode, nodeAddress, peerId, time } from '../cluster/shapes';
import { bridgeLocationSchema } from '../lines/line-location';
import { remotePeerSchema } from './remote-peer-schema';

const chatEntrySchema = z.object({
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
  matchedAt: time,
  participants: z.tuple([participantSchema, participantSchema]),
  /** Until when both have to accept; null once the call is open. */
  acceptUntil: time.nullable(),
  flowedAt: time.nullable(),
  connectedAt: time.nullable(),
  /** Chat messages accepted so far. */
  messageCount: z.number().int(),
  /** Of these, the messages that the partner may not have received yet. */
  undelivered: z.array(chatEntrySchema),
  /** Set when the owner hands the call over: the participants' gateways, and the bridge that goes on flowing. */
  handedOver: z
    .object({ gateways: z.tuple([nodeAddress, nodeAddress]), bridge: bridgeLocationSchema.nullable() })
    .nullable()
    .default(null),
});
export type CallSnapshot = z.infer<typeof callSnapshotSchema>;
