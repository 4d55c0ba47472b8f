import type Stripe from 'stripe';
import { isAlreadyPaidBack, isMissing, isRejected } from './stripe-errors';
import { invoicePaymentsSchema, paidForSchema, subscriptionSchema } from './stripe-objects';

/** The payments behind a subscription: which one was the latest, and how it is paid back. */
export class StripePayments {
  constructor(private readonly stripe: Stripe) {}

  /** Pays back what the latest invoice of a subscription took. `false`: Stripe rejects that. */
  async payBack(subscriptionId: string): Promise<boolean> {
    try {
      for (const payment of await this.latestPayments(subscriptionId)) await this.refund(payment);
      return true;
    } catch (error) {
      if (isRejected(error)) return false;
      throw error;
    }
  }

  /** The subscription whose latest invoice was paid by this payment, or null. */
  async subscriptionPaidBy(paymentId: string): Promise<string | null> {
    try {
      const payment = { type: 'payment_intent', payment_intent: paymentId } as const;
      const found = invoicePaymentsSchema.parse(await this.stripe.invoicePayments.list({ payment }));
      const invoiceId = found.data[0]?.invoice;
      if (invoiceId === undefined) return null;
      const { subscription, parent } = paidForSchema.parse(await this.stripe.invoices.retrieve(invoiceId));
      const id = parent?.subscription_details?.subscription ?? subscription ?? null;
      if (id === null) return null;
      const { latest_invoice } = subscriptionSchema.parse(await this.stripe.subscriptions.retrieve(id));
      return latest_invoice === invoiceId ? id : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  private async latestPayments(subscriptionId: string): Promise<string[]> {
    const { latest_invoice } = subscriptionSchema.parse(
      await this.stripe.subscriptions.retrieve(subscriptionId),
    );
    if (latest_invoice === null || latest_invoice === undefined) return [];
    const { data } = invoicePaymentsSchema.parse(
      await this.stripe.invoicePayments.list({ invoice: latest_invoice, status: 'paid' }),
    );
    return data.flatMap(({ payment }) => payment.payment_intent ?? []);
  }

  private async refund(paymentId: string): Promise<void> {
    try {
      await this.stripe.refunds.create(
        { payment_intent: paymentId, reason: 'duplicate' },
        // Two events about the same subscription may be processed at once.
        { idempotencyKey: `passerby refund ${paymentId}` },
      );
    } catch (error) {
      if (!isAlreadyPaidBack(error)) throw error;
    }
  }
}
