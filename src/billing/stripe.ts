import { createHash } from 'node:crypto';
import Stripe from 'stripe';
import type {
  BillingEvent,
  BillingProvider,
  BillingSubject,
  Buyer,
  ProviderSubscription,
} from '../app/plans/ports/billing';
import { DomainError } from '../domain/error';
import type { ProviderPrice } from '../domain/plans';
import { isMissing, isRejected, reach } from './stripe-errors';
import * as objects from './stripe-objects';
import { SITE_KEY, USER_KEY, type StripeEvent } from './stripe-objects';
import { StripePayments } from './stripe-payments';

export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Stripe's price ids of each plan on sale. The first one is sold; the others were, and are still paid by some. */
  readonly prices: ReadonlyMap<string, readonly string[]>;
  /** Where the browser comes back to. */
  readonly publicUrl: string;
  /** Another address of Stripe's API, for tests against a server of one's own. */
  readonly api?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
}

/** A webhook older than this is rejected: an attacker may be replaying it. The figure is Stripe's own. */
const TOLERANCE_SECONDS = 300;

/** Plans sold through Stripe: its checkout pages, and the states that it reports (P2). */
export class StripeBilling implements BillingProvider {
  readonly name = 'stripe';
  readonly sold: readonly string[];
  private readonly stripe: Stripe;
  private readonly payments: StripePayments;
  private readonly planOfPrice: ReadonlyMap<string, string>;
  /** The name of this installation at Stripe. */
  private readonly site: string;
  /** Whether money of this key is real; null: the key does not say. */
  private readonly isLive: boolean | null;

  constructor(private readonly options: StripeOptions) {
    this.stripe = new Stripe(options.secretKey, { maxNetworkRetries: 1, timeout: 10_000, ...options.api });
    this.payments = new StripePayments(this.stripe);
    this.sold = [...options.prices.keys()];
    this.planOfPrice = new Map(
      [...options.prices].flatMap(([planId, prices]) => prices.map((price) => [price, planId] as const)),
    );
    this.site = new URL(options.publicUrl).host;
    const mode = /^[a-z]+_(live|test)_/.exec(options.secretKey)?.[1];
    this.isLive = mode === undefined ? null : mode === 'live';
  }

  async priceOf(planId: string): Promise<ProviderPrice> {
    const priceId = this.soldPriceOf(planId);
    const answer = await reach(() => this.stripe.prices.retrieve(priceId).catch(nullIfMissing));
    if (answer === null) return { priceId, terms: null };
    const { data: price } = objects.priceSchema.safeParse(answer);
    if (price === undefined) throw notUnderstood();
    const { unit_amount: amount = null, currency, active: isSold } = price;
    return { priceId, terms: { amount, currency, months: objects.monthsOf(price), isSold } };
  }

  async customerOf({ userId, email, customerId }: Buyer): Promise<string | null> {
    if (customerId !== null && (await this.hasCustomer(customerId))) return customerId;
    // Two checkouts at the same time get the same customer. One that was deleted is never handed out again.
    const key = createHash('sha256').update(`${userId} ${email} ${customerId}`).digest('hex');
    return reach(() =>
      this.stripe.customers
        .create({ email, metadata: this.marks(userId) }, { idempotencyKey: `passerby customer ${key}` })
        .then(({ id }) => id)
        .catch(nullIfRejected),
    );
  }

  async checkout({ userId, email, customerId }: Buyer, planId: string): Promise<string> {
    const price = this.soldPriceOf(planId);
    const { publicUrl } = this.options;
    if (customerId !== null) await this.closeOpenPages(customerId);
    const { url } = await reach(() =>
      this.stripe.checkout.sessions.create({
        mode: 'subscription',
        line_items: [{ price, quantity: 1 }],
        ...(customerId === null ? { customer_email: email } : { customer: customerId }),
        client_reference_id: userId,
        metadata: this.marks(userId),
        subscription_data: { metadata: this.marks(userId) },
        success_url: `${publicUrl}/plans#bought`,
        cancel_url: `${publicUrl}/plans`,
      }),
    );
    if (url === null)
      throw new DomainError('provider_unreachable', 'the payment provider returned no payment page');
    return url;
  }

  async cancelAtPeriodEnd(subscriptionId: string, cancel: boolean): Promise<void> {
    await reach(() => this.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: cancel }));
  }

  async endNow(subscriptionId: string): Promise<void> {
    try {
      await reach(() => this.stripe.subscriptions.cancel(subscriptionId));
    } catch (error) {
      // Stripe rejects ending a subscription that has ended. Its state shows whether that is the reason.
      const present = await this.present(subscriptionId);
      if (present !== null && !present.hasEnded) throw error;
    }
  }

  payBack(subscriptionId: string): Promise<boolean> {
    return reach(() => this.payments.payBack(subscriptionId));
  }

  async forget(customerId: string): Promise<void> {
    await this.closeOpenPages(customerId);
    await reach(() => this.stripe.customers.del(customerId).catch(nullIfRejected));
  }

  read(body: Buffer, signature: string): BillingEvent {
    const event = this.verified(body, signature);
    return { eventId: event.id, type: event.type, at: event.created, about: this.subjectOf(event) };
  }

  async present(subscriptionId: string): Promise<ProviderSubscription | null> {
    const answer = await reach(() => this.stripe.subscriptions.retrieve(subscriptionId).catch(nullIfMissing));
    return answer === null ? null : this.toOurs(answer);
  }

  async subscriptionsOf(userId: string, customerId: string | null): Promise<ProviderSubscription[]> {
    const ofCustomer = customerId === null ? [] : await this.list({ customer: customerId });
    // Payments under another customer: some were made before this product made the customers itself.
    const ofUser = await reach(() =>
      this.stripe.subscriptions
        .search({ query: `metadata['${USER_KEY}']:'${userId.replace(/[^\w-]/g, '')}'`, limit: 100 })
        .then(({ data }) => data)
        // The search does not exist in every country. What it would have found is ended when its next event comes.
        .catch((error: unknown) => nullIfRejected(error) ?? []),
    );
    const found = [...ofCustomer, ...ofUser].map((answer) => this.toOurs(answer));
    return [...new Map(found.map((one) => [one.subscriptionId, one])).values()];
  }

  subscriptionPaidBy(paymentId: string): Promise<string | null> {
    return reach(() => this.payments.subscriptionPaidBy(paymentId));
  }

  private soldPriceOf(planId: string): string {
    const price = this.options.prices.get(planId)?.[0];
    if (price === undefined) throw new DomainError('billing_unavailable', 'this plan is not sold here');
    return price;
  }

  private list(of: { customer: string }): Promise<unknown[]> {
    return reach(() =>
      this.stripe.subscriptions
        .list({ ...of, status: 'all', limit: 100 })
        .then(({ data }): unknown[] => data)
        .catch((error: unknown) => nullIfRejected(error) ?? []),
    );
  }

  /** A customer that was deleted is still answered, as deleted. */
  private async hasCustomer(customerId: string): Promise<boolean> {
    const found = await reach(() => this.stripe.customers.retrieve(customerId).catch(nullIfRejected));
    return found !== null && found.deleted !== true;
  }

  /** A page that lies open in another tab could be paid as well. */
  private async closeOpenPages(customer: string): Promise<void> {
    const { sessions } = this.stripe.checkout;
    const open = await reach(() => sessions.list({ customer, status: 'open' }).catch(nullIfRejected));
    for (const { id } of open?.data ?? []) {
      // It may have been paid or closed in this moment. What was paid is reported by its event.
      await reach(() => sessions.expire(id).catch(nullIfRejected));
    }
  }

  private marks(userId: string): Record<string, string> {
    return { [USER_KEY]: userId, [SITE_KEY]: this.site };
  }

  private toOurs(answer: unknown): ProviderSubscription {
    const parsed = objects.subscriptionSchema.safeParse(answer);
    if (!parsed.success) throw notUnderstood();
    const { id, customer, cancel_at_period_end, metadata, items } = parsed.data;
    const priceId = items.data[0]?.price.id ?? null;
    const status = objects.statusOf(parsed.data);
    return {
      subscriptionId: id,
      userId: metadata[USER_KEY] ?? null,
      isOurs: (metadata[SITE_KEY] ?? this.site) === this.site,
      customerId: customer,
      hadTrial: status === 'trialing' || typeof parsed.data.trial_start === 'number',
      priceId,
      planId: this.planOfPrice.get(priceId ?? '') ?? null,
      status,
      hasEnded: status === 'cancelled',
      currentPeriodEnd: objects.paidUntil(parsed.data),
      cancelAtPeriodEnd: cancel_at_period_end,
    };
  }

  private subjectOf({ type, livemode, account, data: { object } }: StripeEvent): BillingSubject {
    const isOfOtherMode = livemode !== undefined && this.isLive !== null && livemode !== this.isLive;
    if (isOfOtherMode || account !== undefined) return { is: 'nothing' };
    if (type.startsWith('customer.subscription.')) {
      const parsed = objects.objectSchema.safeParse(object);
      if (!parsed.success) throw new DomainError('webhook_refused', 'the event names no subscription');
      return { is: 'subscription', subscriptionId: parsed.data.id };
    }
    if (type.startsWith('checkout.session.') || type.startsWith('invoice.')) {
      const { data } = objects.paidForSchema.safeParse(object);
      const id = data?.parent?.subscription_details?.subscription ?? data?.subscription ?? null;
      return id === null ? { is: 'nothing' } : { is: 'subscription', subscriptionId: id };
    }
    if (type === 'charge.refunded' || type === 'charge.dispute.created') {
      const { data } = objects.returnedSchema.safeParse(object);
      const isAll = data?.refunded !== false;
      const paymentId = data?.payment_intent ?? null;
      return paymentId === null || !isAll ? { is: 'nothing' } : { is: 'returnedPayment', paymentId };
    }
    return { is: 'nothing' };
  }

  private verified(body: Buffer, signature: string): StripeEvent {
    try {
      this.stripe.webhooks.constructEvent(body, signature, this.options.webhookSecret, TOLERANCE_SECONDS);
      return objects.eventSchema.parse(JSON.parse(body.toString('utf8')));
    } catch {
      throw new DomainError('webhook_refused', 'signature, time or form of the event is not right');
    }
  }
}

const notUnderstood = (): DomainError =>
  new DomainError('provider_unreachable', 'the payment provider answered in a form that was not understood');

const nullIfMissing = (error: unknown): null => {
  if (isMissing(error)) return null;
  throw error;
};

const nullIfRejected = (error: unknown): null => {
  if (isRejected(error)) return null;
  throw error;
};
