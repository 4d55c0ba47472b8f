import { z } from 'zod';
import { wishesSchema } from '../../protocol';
import { identitySchema } from '../accounts/identity';
import { time } from '../cluster/shapes';
import { lineLocationSchema } from '../lines/line-location';

/** Which devices the peer sends from on purpose. */
export const mediaSwitchesSchema = z.object({ microphone: z.boolean(), camera: z.boolean() });

/** A peer as the owner of their call has to know them. */
export const remotePeerSchema = z.object({
  identity: identitySchema,
  addressHash: z.string().nullable(),
  media: mediaSwitchesSchema,
  wishes: wishesSchema,
  /** When their waiting began. */
  since: time,
  line: lineLocationSchema.nullable(),
});
export type RemotePeerState = z.infer<typeof remotePeerSchema>;
