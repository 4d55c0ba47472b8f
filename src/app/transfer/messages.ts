import { z } from 'zod';
import { notification, request } from '../cluster/messages';
import { peerId } from '../cluster/shapes';
import { peerSnapshotSchema } from './peer-snapshot';

/**
 * To a peer's gateway: releases the peer, with their snapshot, to the node that sends this. Null: the peer has a socket
 * here. Their client may have come back here since it turned to the other node, so that one asks again with `insists` if
 * its own socket is still open.
 */
export const peerRelease = request(
  'peer_release',
  z.object({
    peerId,
    tokenHash: z.string().nullable(),
    /** A node of the last version always does. */
    insists: z.boolean().default(true),
  }),
  z.object({ snapshot: peerSnapshotSchema.nullable() }),
);
/** To a peer's former gateway: the node that sends this has the peer's lease. */
export const peerTaken = notification('peer_taken', z.object({ peerId }));
