import { DomainError } from '../../domain/error';
import {
  noSubscription,
  planInForce,
  planOf,
  type PlanCatalogue,
  type Subscription,
} from '../../domain/plans';
import type { Clock } from '../ports/clock';
import type { BillingDesk } from './billing-desk';
import type { BillingProvider } from './ports/billing';
import type { Subscriptions } from './ports/subscriptions';

export interface CheckoutsDeps {
  readonly catalogue: PlanCatalogue;
  readonly subscriptions: Subscriptions;
  readonly provider: BillingProvider;
  readonly desk: Pick<BillingDesk, 'look'>;
  readonly clock: Clock;
}

/** How a user begins to pay. A user pays for one plan, so everything that could become a second one is closed first. */
export class Checkouts {
  constructor(private readonly deps: CheckoutsDeps) {}

  /** Answers with the URL of the payment page. */
  async begin(userId: string, email: string, planId: string): Promise<string> {
    const { catalogue, provider, subscriptions, clock } = this.deps;
    const plan = planOf(catalogue, planId);
    if (plan === undefined) throw new DomainError('plan_unknown', 'there is no such plan');
    if (plan.price === null) throw new DomainError('plan_unknown', 'this plan costs nothing');
    const before = await this.subscriptionOf(userId);
    mustHoldNone(before, catalogue, clock.now());
    if (before.providerCustomerId !== null) await this.lookForPayments(before);
    const buyer = { userId, email, customerId: before.providerCustomerId };
    const customerId = await provider.customerOf(buyer);
    const change = { providerCustomerId: customerId, checkoutAt: clock.now(), endWantedAt: null };
    await subscriptions.change(userId, change, clock.now());
    return provider.checkout({ ...buyer, customerId }, plan.id);
  }

  /** What was paid a moment ago may not have been reported yet. */
  private async lookForPayments({ userId, providerCustomerId }: Subscription): Promise<void> {
    const { provider, desk, catalogue, clock } = this.deps;
    const all = await provider.subscriptionsOf(userId, providerCustomerId);
    for (const { subscriptionId, hasEnded } of all) if (!hasEnded) await desk.look(subscriptionId);
    mustHoldNone(await this.subscriptionOf(userId), catalogue, clock.now());
  }

  private async subscriptionOf(userId: string): Promise<Subscription> {
    const { subscriptions, catalogue, clock } = this.deps;
    return (await subscriptions.get(userId)) ?? noSubscription(userId, catalogue.base.id, clock.now());
  }
}

/** Throws `DomainError('plan_held')` while a paid plan is in force. */
export function mustHoldNone(subscription: Subscription, catalogue: PlanCatalogue, now: number): void {
  const isPaid = planInForce(subscription, catalogue, now).price !== null;
  if (subscription.provider === 'stripe' && isPaid) {
    throw new DomainError('plan_held', 'there is a paid plan already; it has to end first');
  }
}
