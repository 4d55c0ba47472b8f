import { z } from 'zod';
import { REPORT_TYPES } from './client-events';

/** What somebody who is kept out learns of it: neither who reported them, nor what an operator noted. */
export const wireBanSchema = z.object({
  /** `hold`: several independent reports, until an operator decides or the time is over. */
  kind: z.enum(['ban', 'hold']),
  reason: z.enum(REPORT_TYPES),
  /** ms since the epoch; null: for good. */
  endsAt: z.number().nullable(),
});
export type WireBan = z.infer<typeof wireBanSchema>;
