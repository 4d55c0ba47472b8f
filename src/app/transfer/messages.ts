import { z } from 'zod';
import { request } from '../cluster/messages';
import { peerId } from '../cluster/shapes';
import { peerSnapshotSchema } from './peer-snapshot';

/** To a peer's gateway: releases the peer, with their snapshot, to the node that sends this. */
export const peerRelease = request(
  'peer_release',
  z.object({ peerId, tokenHash: z.string().nullable() }),
  z.object({ snapshot: peerSnapshotSchema }),
);
