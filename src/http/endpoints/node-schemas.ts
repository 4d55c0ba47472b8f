import { z } from 'zod';
import { MODES, SERVER_EVENTS, modeSchema, planStateSchema } from '../../protocol';

/** What a node and programs say to each other over HTTP. Times are ISO 8601. */

const count = z.number().int();

/** `shared`: Redis. `late`: records that neither the store nor the disk has taken yet. */
export const TROUBLES = ['media', 'settings', 'store', 'disk', 'late', 'shared', 'mail'] as const;

export const healthReplySchema = z.object({
  status: z.enum(['ok', 'degraded', 'down', 'draining', 'stopping']),
  /** What makes the status `degraded`, or would. */
  degradedBy: z.array(z.enum(TROUBLES)),
  timestamp: z.string(),
  /** Seconds. */
  uptime: count,
  /** `workersFailing`: workers that die again and again, or did so in the last minute. */
  media: z.object({ workers: count, workersAlive: count, workersFailing: count }),
  /**
   * How many nodes this one hears, itself included, and whether the store that they share can be reached. `alone`: no
   * store is shared.
   */
  nodes: z.object({
    heard: count,
    shared: z.enum(['alone', 'up', 'down']),
    /** Settings, or the version, that other nodes have otherwise, and how many of them do. Values are not said. */
    different: z.array(z.object({ setting: z.string(), nodes: count })),
  }),
  records: z.object({
    store: z.enum(['up', 'down']),
    /** The disk with the data folder: whether it takes writes. */
    disk: z.enum(['up', 'down']),
    spooled: count,
    buffered: count,
    lost: count,
    rejected: count,
    /** How long the oldest change has waited that neither store nor disk has taken yet (ms). */
    oldestMs: z.number(),
  }),
  /** Whether the mail server answers; mails that are sent or tried again, and those given up since the start. */
  mail: z.object({ server: z.enum(['up', 'down']), waiting: count, lost: count }),
  /**
   * Requests since the start in which a proxy named the client: one of `TRUSTED_PROXIES`, or another, whose word does not
   * count. `unreadable`: a trusted one named no address. Of the last two everybody counts as one address.
   */
  forwarding: z.object({ trusted: count, untrusted: count, unreadable: count }),
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
      phase: z.enum(['accepting', 'open', 'ended']),
      media: z.enum(['none', 'awaiting_lines', 'bridging', 'offered', 'flowing']),
      createdAt: z.string(),
      isActive: z.boolean(),
    }),
  ),
  count,
});

/** What a draining node still has. */
export const drainReplySchema = z.object({
  draining: z.boolean(),
  peers: count,
  lines: count,
  calls: count,
});

/** How much of each kind was found without an owner and removed. */
export const cleanUpReplySchema = z.object({
  orphanedCalls: count,
  strandedPeers: count,
  orphanedLines: count,
});

export const grantSchema = z.object({
  userId: z.string().min(1).max(80),
  planId: z.string().max(32),
  /** ISO 8601 with an offset; null: no end. */
  until: z.iso.datetime({ offset: true }).nullable(),
});
export const grantReplySchema = z.object({ plan: planStateSchema });

/** What became of a billing provider's event. */
export const webhookReplySchema = z.object({ received: z.enum(['done', 'known', 'ignored']) });

/** The bytes of a request as they came; undefined: there were none. */
export const bytesSchema = z.instanceof(Buffer).optional();

/** A reply that is not JSON: its `Content-Type`, and the text to send. */
export const rawReplySchema = z.object({ type: z.string(), body: z.string() });

export const openApiReplySchema = z.object({
  openapi: z.string(),
  info: z.looseObject({}),
  paths: z.looseObject({}),
  components: z.looseObject({}),
});
