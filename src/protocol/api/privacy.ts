import { z } from 'zod';
import { wireBanSchema } from '../ban';
import { LIMITS } from '../limits';
import { blockSchema, keptProfileSchema, statisticsSchema } from './account';
import { SUBSCRIPTION_STATUSES } from './plans';

export const eraseSchema = z.object({
  /** An account's password; a guest needs none. */
  password: z.string().max(LIMITS.passwordChars.most).optional(),
});

/** Codes of what is erased and what is kept; the client has a message for each. */
export const ERASED = ['account', 'devices', 'plan', 'calls'] as const;
export const RESTRICTED = ['reports', 'payments', 'audit', 'bans'] as const;
export const eraseReplySchema = z.object({
  erased: z.array(z.object({ what: z.enum(ERASED), count: z.number().int() })),
  /** Kept because others rely on it or the law requires it, for that purpose only; `untilAt` says until when. */
  kept: z.array(
    z.object({ what: z.enum(RESTRICTED), count: z.number().int(), untilAt: z.number().nullable() }),
  ),
});
export type EraseReply = z.infer<typeof eraseReplySchema>;

/** All times below are ms since the epoch. */
const time = z.number();
const timeOrNull = z.number().nullable();

const exportedAccountSchema = z.object({
  id: z.string(),
  isAnonymous: z.boolean(),
  name: z.string(),
  email: z.string().nullable(),
  birthDate: z.string().nullable(),
  profile: keptProfileSchema,
  statistics: statisticsSchema,
  blocks: z.array(blockSchema),
  createdAt: time,
  lastActiveAt: time,
});

/** What waits for the link in an e-mail. */
const exportedRegistrationSchema = z.object({
  email: z.string(),
  name: z.string(),
  birthDate: z.string(),
  createdAt: time,
  expiresAt: time,
});

const exportedPlanSchema = z.object({
  planId: z.string(),
  status: z.enum(SUBSCRIPTION_STATUSES),
  startedAt: time,
  currentPeriodEnd: timeOrNull,
  cancelAtPeriodEnd: z.boolean(),
  trialUsedAt: timeOrNull,
  /** The payment provider, and its ids for the user. */
  provider: z.enum(['none', 'manual', 'stripe']),
  providerCustomerId: z.string().nullable(),
  providerSubscriptionId: z.string().nullable(),
  usage: z.object({
    day: z.string(),
    dayMs: z.number(),
    month: z.string(),
    monthMs: z.number(),
    totalMs: z.number(),
  }),
});

const exportedDeviceSchema = z.object({
  id: z.string(),
  userAgent: z.string(),
  createdAt: time,
  lastUsedAt: time,
  expiresAt: time,
});

const exportedCallSchema = z.object({
  callId: z.string(),
  mode: z.string(),
  status: z.string(),
  startedAt: time,
  connectedAt: timeOrNull,
  endedAt: timeOrNull,
  endReason: z.string().nullable(),
  talkedSeconds: z.number(),
  /** Null: the partner is erased, or there was none. */
  partnerName: z.string().nullable(),
  /** Only those that the user wrote. */
  messages: z.array(z.object({ content: z.string(), at: time, status: z.string() })),
});

const exportedReportSchema = z.object({
  reportId: z.string(),
  callId: z.string(),
  type: z.string(),
  words: z.string(),
  at: time,
  status: z.string(),
});

const exportedAuditEntrySchema = z.object({
  action: z.string(),
  at: time,
  userAgent: z.string(),
  errorCode: z.string().nullable(),
  /** Whether the user did it. */
  own: z.boolean(),
});

/** A ban of this user, those that are over included while they are kept. */
const exportedBanSchema = wireBanSchema.extend({ createdAt: time, liftedAt: timeOrNull });

/**
 * Everything that is kept of a user. Every field is named, so that no other field of a record is sent by accident. A new
 * field of a record is exported only when it is added here.
 */
export const exportReplySchema = z.object({
  madeAt: time,
  account: exportedAccountSchema.nullable(),
  registrations: z.array(exportedRegistrationSchema),
  plan: exportedPlanSchema.nullable(),
  devices: z.array(exportedDeviceSchema),
  calls: z.array(exportedCallSchema),
  reportsMade: z.array(exportedReportSchema),
  audit: z.array(exportedAuditEntrySchema),
  bans: z.array(exportedBanSchema),
  /** What is kept but not shown here, and why: codes of `RESTRICTED`. */
  withheld: z.array(z.object({ what: z.enum(RESTRICTED), count: z.number().int() })),
});
export type ExportReply = z.infer<typeof exportReplySchema>;
