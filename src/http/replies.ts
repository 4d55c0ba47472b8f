import { z } from 'zod';
import { MODES, SERVER_EVENTS, modeSchema } from '../protocol';

/** What the node says of itself to those who run it. Times are ISO 8601. */

const count = z.number().int();

export const healthReplySchema = z.object({
  status: z.enum(['ok', 'degraded', 'down', 'draining', 'stopping']),
  timestamp: z.string(),
  /** Seconds. */
  uptime: count,
  media: z.object({ workers: count, workersAlive: count }),
  /** Nodes that this one hears, itself included, and whether what they share can be reached; `alone`: nothing is shared. */
  nodes: z.object({ heard: count, shared: z.enum(['alone', 'up', 'down']) }),
  records: z.object({
    store: z.enum(['up', 'down']),
    spooled: count,
    buffered: count,
    lost: count,
    rejected: count,
  }),
});

export const statsReplySchema = SERVER_EVENTS.stats.extend({
  searchingBy: z.record(z.enum(MODES), count),
  activeRooms: count,
  timestamp: z.string(),
});

export const roomsReplySchema = z.object({
  rooms: z.array(
    z.object({
      id: z.string(),
      users: z.array(z.string()),
      mode: modeSchema,
      phase: z.enum(['meeting', 'open', 'ended']),
      media: z.enum(['none', 'awaiting_lines', 'bridging', 'offered', 'flowing']),
      createdAt: z.string(),
      isActive: z.boolean(),
    }),
  ),
  count,
});

/** What a node that is being emptied still has. */
export const drainReplySchema = z.object({
  draining: z.boolean(),
  peers: count,
  lines: count,
  calls: count,
});

/** How much of what should not exist was found and taken away. */
export const cleanUpReplySchema = z.object({
  orphanedCalls: count,
  strandedPeople: count,
  orphanedLines: count,
});

/** What became of a billing provider's event. */
export const webhookReplySchema = z.object({ received: z.enum(['done', 'known', 'ignored']) });
