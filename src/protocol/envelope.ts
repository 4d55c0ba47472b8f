import { z } from 'zod';
import { wireBanSchema } from './ban';
import { ERROR_CODES } from './codes';

/**
 * Every WebSocket message, either way, is one JSON object `{event, data, id?}`. A message that carries an `id`
 * is answered by exactly one message that echoes it: the same `event` with the reply's data, or `error`.
 */
export const envelopeSchema = z.object({
  event: z.string().min(1).max(64),
  data: z.unknown().optional(),
  id: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** The data of an `error` event, of an error reply and of the `error` field of an HTTP reply. */
export const errorSchema = z.object({
  code: z.enum(ERROR_CODES),
  /** English text for developers and logs; the text that a user reads is in the client's catalogue. */
  message: z.string(),
  /** Name of the event that was rejected, if there was one. */
  event: z.string().optional(),
  /** For rates: when it is worth trying again. */
  retryAfterMs: z.number().int().min(0).optional(),
  /** With `banned`. */
  ban: wireBanSchema.optional(),
});
export type WireError = z.infer<typeof errorSchema>;
