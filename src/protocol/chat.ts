import { z } from 'zod';

export const MESSAGE_STATES = ['sent', 'delivered', 'read'] as const;

/** A message of a call's chat, as a participant reads it again whose page was loaded anew. */
export const pastMessageSchema = z.object({
  id: z.string(),
  senderId: z.string(),
  content: z.string(),
  /** ms since the epoch */
  timestamp: z.number(),
  status: z.enum(MESSAGE_STATES),
});
export type PastMessage = z.infer<typeof pastMessageSchema>;
