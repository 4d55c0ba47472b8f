import type { SubscriptionStatus } from '../../../protocol';

/** A subscription as the provider has it now, in our words. */
export interface ProviderSubscription {
  readonly userId: string | null;
  readonly customerId: string;
  /** Null: a price that no plan here has. */
  readonly planId: string | null;
  readonly status: SubscriptionStatus;
  readonly currentPeriodEnd: number | null;
  readonly cancelAtPeriodEnd: boolean;
}

/** An event a provider told of, its signature checked. */
export interface BillingNews {
  readonly eventId: string;
  readonly type: string;
  /** The provider's own time of the event, ms since the epoch. */
  readonly at: number;
  /** The subscription it is about; null: an event that changes nothing here. */
  readonly subscriptionId: string | null;
}

/** Somebody who takes money for plans (P2). Throws `DomainError('provider_unreachable')` when it does not answer. */
export interface BillingProvider {
  readonly name: 'stripe';
  /** Where the person has to go to pay. */
  checkout(
    buyer: { userId: string; email: string; customerId: string | null },
    planId: string,
  ): Promise<string>;
  cancelAtPeriodEnd(subscriptionId: string, cancel: boolean): Promise<void>;
  /** Ends it at once and for good: the person is being erased. One that has ended already is as good. */
  endNow(subscriptionId: string): Promise<void>;
  /** Checks the signature over the bytes as they came. Throws `DomainError('webhook_refused')`. */
  read(body: Buffer, signature: string): BillingNews;
  /** What is true of a subscription now; null: there is none of this id. */
  present(subscriptionId: string): Promise<ProviderSubscription | null>;
}
