import type { SubscriptionStatus } from '../../../protocol';

/** The present state of a subscription at the provider, in the terms of this product. */
export interface ProviderSubscription {
  readonly userId: string | null;
  readonly customerId: string;
  /** Null: a price that no plan here has. */
  readonly planId: string | null;
  readonly status: SubscriptionStatus;
  readonly currentPeriodEnd: number | null;
  readonly cancelAtPeriodEnd: boolean;
}

/** An event of a provider, whose signature has been checked. */
export interface BillingEvent {
  readonly eventId: string;
  readonly type: string;
  /** The provider's own time of the event, ms since the epoch. */
  readonly at: number;
  /** The subscription that the event is about; null: the event changes nothing here. */
  readonly subscriptionId: string | null;
}

/** A provider that takes money for plans (P2). Throws `DomainError('provider_unreachable')` when it does not answer. */
export interface BillingProvider {
  readonly name: 'stripe';
  /** Answers with the URL of the provider's payment page. */
  checkout(
    buyer: { userId: string; email: string; customerId: string | null },
    planId: string,
  ): Promise<string>;
  cancelAtPeriodEnd(subscriptionId: string, cancel: boolean): Promise<void>;
  /** Ends a subscription at once and for good, because the user is being erased. Idempotent. */
  endNow(subscriptionId: string): Promise<void>;
  /** Reads an event and checks the signature over the received bytes. Throws `DomainError('webhook_refused')`. */
  read(body: Buffer, signature: string): BillingEvent;
  /** The present state of a subscription; null: the provider has none with this id. */
  present(subscriptionId: string): Promise<ProviderSubscription | null>;
}
