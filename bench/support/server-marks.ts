import { z } from 'zod';

/** What the probe in a server's process has seen, and when (ms since the epoch). */
export const serverMarkSchema = z.discriminatedUnion('mark', [
  z.object({ mark: z.literal('partner_found sent'), callId: z.string(), at: z.number() }),
  z.object({ mark: z.literal('producer resumed'), at: z.number() }),
]);
export type ServerMark = z.infer<typeof serverMarkSchema>;
