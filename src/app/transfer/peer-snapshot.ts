import { z } from 'zod';
import { wishesSchema } from '../../protocol';
import { identitySchema } from '../accounts/identity';
import { mediaSwitchesSchema } from '../calls/remote-peer-schema';
import { callId, duration, nodeAddress, peerId, time } from '../cluster/shapes';
import { lineLocationSchema } from '../lines/line-location';
import { originSchema } from '../peers/peer';

/** What a peer is doing, written for their next gateway. */
export const peerActivitySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('cooldown'), wishes: wishesSchema, leftMs: duration }),
  z.object({ kind: z.literal('searching'), wishes: wishesSchema, waitedMs: duration, ticketId: z.string() }),
  z.object({
    kind: z.literal('in_call'),
    wishes: wishesSchema,
    waitedMs: duration,
    callId,
    /** Empty while the call has no owner: it was just released, and its participants look for the next one. */
    owner: nodeAddress.or(z.literal('')),
    partner: z.object({ id: peerId, name: z.string() }),
  }),
]);
export type PeerActivity = z.infer<typeof peerActivitySchema>;

/** A peer as their gateway writes them down, so that another node can be their gateway when this one is dead. */
export const peerSnapshotSchema = z.object({
  node: nodeAddress,
  /** When this was written: all durations are as of then. */
  writtenAt: time,
  /** SHA-256 of the resume token: a client that shows that token is this peer. */
  tokenHash: z.string(),
  identity: identitySchema,
  isHere: z.boolean(),
  activity: peerActivitySchema,
  /** What was left of the peer's skips so long ago; null until the first skip. */
  skips: z.object({ tokens: z.number(), ageMs: duration }).nullable(),
  endedLastCall: z.boolean(),
  encounters: z.array(z.object({ peerId, ageMs: duration })),
  addressHash: z.string().nullable(),
  origin: originSchema.nullable().default(null),
  media: mediaSwitchesSchema,
  line: lineLocationSchema.nullable(),
});
export type PeerSnapshot = z.infer<typeof peerSnapshotSchema>;
