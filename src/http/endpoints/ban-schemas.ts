import { z } from 'zod';
import { BAN_KINDS, banSubjectSchema } from '../../domain/bans';
import { REPORT_TYPES } from '../../protocol';

/** What operators and a node say to each other about bans. Times are ISO 8601. */

const target = z.union(
  [
    z.strictObject({ userId: z.string().min(1).max(128) }),
    z.strictObject({ reportId: z.string().min(1).max(64) }),
    z.strictObject({ device: z.string().min(1).max(64) }),
    z.strictObject({ address: z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]) }),
  ],
  'has to be one of userId, reportId, device (the mark of one) or address (an IP address, or a network with /24 or /48)',
);

export const imposeBanSchema = z.object({
  target,
  /** Marks of the banned user that are banned too, wherever they show up; the device where nothing is said. */
  follows: z.array(z.enum(BAN_KINDS)).optional(),
  reason: z.enum(REPORT_TYPES),
  /** The banned user does not see it. */
  note: z.string().max(1000).default(''),
  /** Null: for good. */
  hours: z.number().positive().max(87_600).nullable(),
});

const banReply = z.object({
  id: z.string(),
  subjects: z.array(banSubjectSchema),
  follows: z.array(z.enum(BAN_KINDS)),
  reason: z.enum(REPORT_TYPES),
  note: z.string(),
  by: z.enum(['operator', 'reports']),
  holds: z.boolean(),
  createdAt: z.string(),
  endsAt: z.string().nullable(),
  liftedAt: z.string().nullable(),
});
export type BanReply = z.infer<typeof banReply>;

/** `next`: the id of the last ban of the page, where older ones may follow. */
export const bansReplySchema = z.object({ bans: z.array(banReply), next: z.string().nullable() });
export const banReplySchema = z.object({ ban: banReply });

/** `isUserKnown`: false where nothing tells of the user whom the order names; null where that is not to be said. */
export const imposedBanReplySchema = z.object({ ban: banReply, isUserKnown: z.boolean().nullable() });
