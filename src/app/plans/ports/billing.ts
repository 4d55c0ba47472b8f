import type { ProviderPrice, ProviderState } from '../../../domain/plans';

/** The present state of a subscription at the provider, in the terms of this product. */
export interface ProviderSubscription extends ProviderState {
  readonly userId: string | null;
  readonly customerId: string;
  /** It began, or is still in, a time in which the provider charges nothing. */
  readonly hadTrial: boolean;
  /** The price that is paid. Null `planId`: no plan here has it. */
  readonly priceId: string | null;
  /** False: another installation has sold it with the same account of the provider. */
  readonly isOurs: boolean;
}

/** An event of a provider, whose signature has been checked. */
export interface BillingEvent {
  readonly eventId: string;
  readonly type: string;
  /** The provider's own time of the event, ms since the epoch. */
  readonly at: number;
  readonly about: BillingSubject;
}

export type BillingSubject =
  /** The subscription may have changed. */
  | { readonly is: 'subscription'; readonly subscriptionId: string }
  /** The money of this payment went back in full, or a bank has taken it back. */
  | { readonly is: 'returnedPayment'; readonly paymentId: string }
  /** It changes nothing here. */
  | { readonly is: 'nothing' };

export interface Buyer {
  readonly userId: string;
  readonly email: string;
  /** Null: the provider does not know this user yet. */
  readonly customerId: string | null;
}

/** A provider that takes money for plans (P2). Throws `DomainError('provider_unreachable')` when it does not answer. */
export interface BillingProvider {
  readonly name: 'stripe';
  /** The plans that it sells. */
  readonly sold: readonly string[];
  /** What it takes for a plan that it sells. */
  priceOf(planId: string): Promise<ProviderPrice>;
  /**
   * Answers with the buyer's id at the provider, and makes one where there is none or the one there was is gone. Null:
   * this installation may not make any, and the provider makes one with the payment.
   */
  customerOf(buyer: Buyer): Promise<string | null>;
  /** Answers with the URL of the provider's payment page. Pages that were opened for this customer before are closed. */
  checkout(buyer: Buyer, planId: string): Promise<string>;
  cancelAtPeriodEnd(subscriptionId: string, cancel: boolean): Promise<void>;
  /** Ends a subscription at once and for good. Idempotent. */
  endNow(subscriptionId: string): Promise<void>;
  /**
   * Pays the latest payment of a subscription back in full. Idempotent. `false`: the provider rejects that, so it has
   * to be done by hand.
   */
  payBack(subscriptionId: string): Promise<boolean>;
  /** Removes a customer, so that nothing can be paid in their name any more. Idempotent. */
  forget(customerId: string): Promise<void>;
  /** Reads an event and checks the signature over the received bytes. Throws `DomainError('webhook_refused')`. */
  read(body: Buffer, signature: string): BillingEvent;
  /** The present state of a subscription; null: the provider has none with this id. */
  present(subscriptionId: string): Promise<ProviderSubscription | null>;
  /** All subscriptions of a user that the provider knows of, those that have ended too. */
  subscriptionsOf(userId: string, customerId: string | null): Promise<ProviderSubscription[]>;
  /** The subscription whose latest payment this is; null: it is none of a subscription, or an earlier one. */
  subscriptionPaidBy(paymentId: string): Promise<string | null>;
}
