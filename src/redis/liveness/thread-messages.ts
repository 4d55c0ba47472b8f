import { z } from 'zod';

/** What the thread is started with. */
export const threadDataSchema = z.object({ redisUrl: z.string(), self: z.string().min(1) });
export type ThreadData = z.infer<typeof threadDataSchema>;

/** To the thread. `running`: the node's event loop goes round, and it is well. `stop`: the node closes. */
export const toThreadSchema = z.enum(['running', 'stop']);
export type ToThread = z.infer<typeof toThreadSchema>;

/**
 * From the thread. `lapsed`: the signs had a gap in which others may have declared the node dead. `error`: what its
 * connection met, once for each time that signs fail.
 */
export const fromThreadSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lapsed') }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type FromThread = z.infer<typeof fromThreadSchema>;
