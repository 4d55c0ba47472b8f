import type { Subscription } from '../../domain/plans';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { endAndPayBack } from './ending';
import type { BillingProvider } from './ports/billing';
import type { Subscriptions } from './ports/subscriptions';

export interface PlanEndingsDeps {
  readonly subscriptions: Subscriptions;
  readonly billing: BillingProvider | null;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** Ends what a provider charges a user for, because the user is being erased. */
export class PlanEndings {
  constructor(private readonly deps: PlanEndingsDeps) {}

  /**
   * Ends all subscriptions of a user, and removes them as a customer. The wish is stored first, so that it is followed up
   * when the provider cannot be reached or this process ends. If no provider is set up any more, the plan has to be
   * ended by hand: that is reported to the operator, and the user is erased all the same.
   */
  async endFor(userId: string): Promise<void> {
    const { billing, subscriptions, clock, reportError } = this.deps;
    const subscription = await subscriptions.get(userId);
    if (subscription === null || !isKnownToProvider(subscription)) return;
    if (billing !== null) {
      await subscriptions.change(userId, { endWantedAt: clock.now() }, clock.now());
      return this.endAll(billing, subscription);
    }
    const { providerSubscriptionId } = subscription;
    if (providerSubscriptionId === null) return;
    reportError(
      new Error(`subscription ${providerSubscriptionId}`),
      'a paid plan has to be ended by hand at its provider',
    );
  }

  private async endAll(billing: BillingProvider, subscription: Subscription): Promise<void> {
    const { userId, providerSubscriptionId, providerCustomerId } = subscription;
    const deps = { provider: billing, reportError: this.deps.reportError };
    const all = await billing.subscriptionsOf(userId, providerCustomerId);
    const ours = all.filter(({ isOurs }) => isOurs);
    for (const one of ours) {
      if (one.hasEnded || one.subscriptionId === providerSubscriptionId) continue;
      // A second one gave the user nothing.
      await endAndPayBack(deps, one);
    }
    if (providerSubscriptionId !== null) await billing.endNow(providerSubscriptionId);
    const customers = new Set(ours.map(({ customerId }) => customerId));
    if (providerCustomerId !== null) customers.add(providerCustomerId);
    for (const customerId of customers) await billing.forget(customerId);
  }
}

const isKnownToProvider = ({ providerSubscriptionId, providerCustomerId }: Subscription): boolean =>
  providerSubscriptionId !== null || providerCustomerId !== null;
