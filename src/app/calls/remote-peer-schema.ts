import { z } from 'zod';
import { wishesSchema } from '../../protocol';
import { identitySchema } from '../accounts/identity';
import { duration } from '../cluster/shapes';
import { lineLocationSchema } from '../lines/line-location';
import { originSchema } from '../peers/peer';

/** Which devices the peer sends from on purpose. */
export const mediaSwitchesSchema = z.object({ microphone: z.boolean(), camera: z.boolean() });

/** What the owner of a call has to know of a participant whose gateway is another node. */
export const remotePeerSchema = z.object({
  identity: identitySchema,
  addressHash: z.string().nullable(),
  origin: originSchema.nullable().default(null),
  media: mediaSwitchesSchema,
  wishes: wishesSchema,
  /** How long ago the peer began to wait. */
  waitedMs: duration,
  line: lineLocationSchema.nullable(),
});
export type RemotePeerState = z.infer<typeof remotePeerSchema>;
