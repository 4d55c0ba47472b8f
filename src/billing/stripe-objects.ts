import { z } from 'zod';
import type { SubscriptionStatus } from '../protocol';

/** The user's id, in the metadata of what is made at Stripe for them. */
export const USER_KEY = 'passerby_user';
/** Which installation has made it: several may share an account of Stripe, and each hears of all. */
export const SITE_KEY = 'passerby_site';

/** Up to the end of the year 9999; a larger number is not a time. */
const seconds = z
  .number()
  .int()
  .min(0)
  .max(253_402_300_799)
  .transform((value) => value * 1000);

/** An object, or its id where Stripe was not asked to write it out. */
const reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);

const metadata = z.record(z.string(), z.string()).default({});

/** The part of Stripe's events that is used here. */
export const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  created: seconds,
  livemode: z.boolean().optional(),
  /** An account that is connected with ours: what it sells is not ours. */
  account: z.string().optional(),
  data: z.object({ object: z.unknown() }),
});
export type StripeEvent = z.infer<typeof eventSchema>;

export const objectSchema = z.object({ id: z.string() });

/** What checkouts and invoices say of their subscription; it has moved between versions of the API. */
export const paidForSchema = z.object({
  subscription: reference.nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
});

/** A charge that was paid back, or a dispute about one. */
export const returnedSchema = z.object({
  payment_intent: reference.nullish(),
  /** Of a charge: whether all of it was paid back. A dispute has none. */
  refunded: z.boolean().optional(),
});

export const subscriptionSchema = z.object({
  id: z.string(),
  customer: reference,
  status: z.string(),
  cancel_at_period_end: z.boolean().default(false),
  metadata,
  latest_invoice: reference.nullish(),
  trial_start: seconds.nullish(),
  /** Older versions of the API have the period here; newer ones have it in each item. */
  current_period_start: seconds.optional(),
  current_period_end: seconds.optional(),
  items: z.object({
    data: z
      .array(
        z.object({
          price: z.object({ id: z.string() }),
          current_period_start: seconds.optional(),
          current_period_end: seconds.optional(),
        }),
      )
      .min(1),
  }),
});
export type StripeSubscription = z.infer<typeof subscriptionSchema>;

export const priceSchema = z.object({
  active: z.boolean(),
  currency: z.string(),
  /** Null where the price has tiers, or parts of the smallest unit. */
  unit_amount: z.number().int().nullish(),
  recurring: z.object({ interval: z.string(), interval_count: z.number().int() }).nullish(),
});

const MONTHS: Readonly<Record<string, number>> = { month: 1, year: 12 };

/** How many months are paid at once; null: it is not paid by months. */
export function monthsOf({ recurring }: z.infer<typeof priceSchema>): number | null {
  const months = MONTHS[recurring?.interval ?? ''];
  return months === undefined ? null : months * (recurring?.interval_count ?? 1);
}

export const invoicePaymentsSchema = z.object({
  data: z.array(
    z.object({
      invoice: reference,
      status: z.string().optional(),
      payment: z.object({ payment_intent: reference.nullish() }),
    }),
  ),
});

const STATUS: Readonly<Record<string, SubscriptionStatus>> = {
  active: 'active',
  trialing: 'trialing',
  past_due: 'past_due',
  // Stripe has given up charging, and waits for the customer.
  unpaid: 'expired',
  canceled: 'cancelled',
  incomplete_expired: 'cancelled',
  incomplete: 'expired',
  paused: 'expired',
};

export const statusOf = ({ status }: StripeSubscription): SubscriptionStatus => STATUS[status] ?? 'expired';

/**
 * Until when it is paid. Stripe begins a period before it is paid, so while its payment is missing, what was paid has
 * ended with the beginning of the period.
 */
export function paidUntil(subscription: StripeSubscription): number | null {
  const [item] = subscription.items.data;
  const end = item?.current_period_end ?? subscription.current_period_end ?? null;
  const start = item?.current_period_start ?? subscription.current_period_start ?? null;
  return ['past_due', 'unpaid'].includes(subscription.status) ? (start ?? end) : end;
}
