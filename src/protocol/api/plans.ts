import { z } from 'zod';

export const SUBSCRIPTION_STATUSES = ['active', 'trialing', 'past_due', 'cancelled', 'expired'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** What a plan allows. */
export const planSchema = z.object({
  id: z.string().regex(/^[a-z0-9_-]{1,32}$/),
  /** The name that people read. It is not translated, since the operator chose it. */
  name: z.string().min(1).max(40),
  /** Minutes of calls a day and a month (UTC); null: no limit. */
  dailyMinutes: z.number().int().min(1).nullable(),
  monthlyMinutes: z.number().int().min(1).nullable(),
  /** 0 to 10: how far the plan raises the score of its owner (M3). */
  priority: z.number().int().min(0).max(10),
  /** Whether wishes for gender, age and country may be set. */
  filters: z.boolean(),
  /** The highest bitrate that the server accepts from a peer, in kbit/s. */
  maxKbps: z.number().int().min(200).max(10_000),
  /** For a month, in the smallest unit of the currency; null: the plan is free. */
  price: z.object({ amount: z.number().int().min(1), currency: z.string().regex(/^[a-z]{3}$/) }).nullable(),
  /** How many days each user may try it, once; 0: no trial. */
  trialDays: z.number().int().min(0).max(90),
});
export type Plan = z.infer<typeof planSchema>;

/** The plan a user has and what is left of it. */
export const planStateSchema = z.object({
  plan: planSchema,
  status: z.enum(SUBSCRIPTION_STATUSES),
  /** When it is renewed, or, where `endsThen`, ends; null: no end. */
  periodEndsAt: z.number().nullable(),
  endsThen: z.boolean(),
  mayTry: z.boolean(),
  usedTodayMs: z.number(),
  usedThisMonthMs: z.number(),
  /** Null: no limit. */
  leftMs: z.number().nullable(),
  /** When there are minutes again, if none are left. */
  renewsAt: z.number().nullable(),
});
export type PlanState = z.infer<typeof planStateSchema>;

export const plansReplySchema = z.object({
  plans: z.array(planSchema),
  /** Whether plans can be bought: whether a billing provider is set up. */
  mayBuy: z.boolean(),
  /** The ids of those that can be bought. */
  sold: z.array(z.string()),
});

export const choosePlanSchema = z.object({ planId: z.string().max(32) });
/** `url`: where the browser has to go to pay. */
export const checkoutReplySchema = z.object({ url: z.url() });
