import Stripe from 'stripe';
import { z } from 'zod';
import type { BillingEvent, BillingProvider, ProviderSubscription } from '../app/plans/ports/billing';
import { DomainError } from '../domain/error';
import type { SubscriptionStatus } from '../protocol';

export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Stripe's price id of each plan on sale. */
  readonly prices: ReadonlyMap<string, string>;
  /** Where the browser comes back to. */
  readonly publicUrl: string;
  /** Another address of Stripe's API, for tests against a server of one's own. */
  readonly api?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
}

/** A webhook older than this is rejected: an attacker may be replaying it. The figure is Stripe's own. */
const TOLERANCE_SECONDS = 300;

const USER_KEY = 'passerby_user';
/** Up to the end of the year 9999; a larger number is not a time. */
const seconds = z
  .number()
  .int()
  .min(0)
  .max(253_402_300_799)
  .transform((value) => value * 1000);

/** The part of Stripe's events that is used here. */
const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  created: seconds,
  data: z.object({ object: z.unknown() }),
});
const subscriptionSchema = z.object({
  id: z.string(),
  customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  status: z.string(),
  cancel_at_period_end: z.boolean().default(false),
  metadata: z.record(z.string(), z.string()).default({}),
  /** Older versions of the API have the end of the period here; newer ones have it in each item. */
  current_period_end: seconds.optional(),
  items: z.object({
    data: z
      .array(z.object({ price: z.object({ id: z.string() }), current_period_end: seconds.optional() }))
      .min(1),
  }),
});

const STATUS: Readonly<Record<string, SubscriptionStatus>> = {
  active: 'active',
  trialing: 'trialing',
  past_due: 'past_due',
  unpaid: 'past_due',
  canceled: 'cancelled',
  incomplete_expired: 'cancelled',
  incomplete: 'expired',
  paused: 'expired',
};

/** Plans sold through Stripe: its checkout pages, and the states that it reports (P2). */
export class StripeBilling implements BillingProvider {
  readonly name = 'stripe';
  private readonly stripe: Stripe;
  private readonly planOfPrice: ReadonlyMap<string, string>;

  constructor(private readonly options: StripeOptions) {
    this.stripe = new Stripe(options.secretKey, { maxNetworkRetries: 1, timeout: 10_000, ...options.api });
    this.planOfPrice = new Map([...options.prices].map(([planId, price]) => [price, planId]));
  }

  async checkout(
    { userId, email, customerId }: { userId: string; email: string; customerId: string | null },
    planId: string,
  ): Promise<string> {
    const price = this.options.prices.get(planId);
    if (price === undefined) throw new DomainError('billing_unavailable', 'this plan is not sold here');
    const { publicUrl } = this.options;
    const { url } = await this.reach(() =>
      this.stripe.checkout.sessions.create({
        mode: 'subscription',
        line_items: [{ price, quantity: 1 }],
        ...(customerId === null ? { customer_email: email } : { customer: customerId }),
        client_reference_id: userId,
        metadata: { [USER_KEY]: userId },
        subscription_data: { metadata: { [USER_KEY]: userId } },
        success_url: `${publicUrl}/plans#bought`,
        cancel_url: `${publicUrl}/plans`,
      }),
    );
    if (url === null)
      throw new DomainError('provider_unreachable', 'the payment provider returned no payment page');
    return url;
  }

  async cancelAtPeriodEnd(subscriptionId: string, cancel: boolean): Promise<void> {
    await this.reach(() =>
      this.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: cancel }),
    );
  }

  async endNow(subscriptionId: string): Promise<void> {
    try {
      await this.reach(() => this.stripe.subscriptions.cancel(subscriptionId));
    } catch (error) {
      // Stripe rejects ending a subscription that has ended. Its state shows whether that is the reason.
      const present = await this.present(subscriptionId);
      if (present !== null && present.status !== 'cancelled') throw error;
    }
  }

  read(body: Buffer, signature: string): BillingEvent {
    const { id, type, created, data } = this.verified(body, signature);
    const about = { eventId: id, type, at: created };
    if (!type.startsWith('customer.subscription.')) return { ...about, subscriptionId: null };
    const parsed = z.object({ id: z.string() }).safeParse(data.object);
    if (!parsed.success) throw new DomainError('webhook_refused', 'the event names no subscription');
    return { ...about, subscriptionId: parsed.data.id };
  }

  async present(subscriptionId: string): Promise<ProviderSubscription | null> {
    const answer = await this.reach(() =>
      this.stripe.subscriptions.retrieve(subscriptionId).catch(nullIfMissing),
    );
    if (answer === null) return null;
    const parsed = subscriptionSchema.safeParse(answer);
    if (!parsed.success) {
      throw new DomainError(
        'provider_unreachable',
        'the payment provider answered in a form that was not understood',
      );
    }
    const { customer, status, cancel_at_period_end, metadata, items, current_period_end } = parsed.data;
    const [item] = items.data;
    return {
      userId: metadata[USER_KEY] ?? null,
      customerId: customer,
      planId: this.planOfPrice.get(item?.price.id ?? '') ?? null,
      status: STATUS[status] ?? 'expired',
      currentPeriodEnd: item?.current_period_end ?? current_period_end ?? null,
      cancelAtPeriodEnd: cancel_at_period_end,
    };
  }

  private verified(body: Buffer, signature: string): z.infer<typeof eventSchema> {
    try {
      this.stripe.webhooks.constructEvent(body, signature, this.options.webhookSecret, TOLERANCE_SECONDS);
      return eventSchema.parse(JSON.parse(body.toString('utf8')));
    } catch {
      throw new DomainError('webhook_refused', 'signature, time or form of the event is not right');
    }
  }

  /** When Stripe cannot be reached or rejects our account, the buyer can do nothing about it. */
  private async reach<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Stripe.errors.StripeError) {
        throw new DomainError('provider_unreachable', `the payment provider answered ${error.type}`, 60_000);
      }
      throw error;
    }
  }
}

const nullIfMissing = (error: unknown): null => {
  if (error instanceof Stripe.errors.StripeError && error.code === 'resource_missing') return null;
  throw error;
};
