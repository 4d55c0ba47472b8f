import type { ErrorReporter } from '../ports/error-reporter';
import type { BillingProvider, ProviderSubscription } from './ports/billing';

export interface EndingDeps {
  readonly provider: BillingProvider;
  readonly reportError: ErrorReporter;
}

/**
 * Ends a subscription that gave its payer nothing, and pays its latest payment back. The money goes first: whoever repeats
 * this after it broke off finds out by the state of the subscription whether it is finished.
 */
export async function endAndPayBack(
  { provider, reportError }: EndingDeps,
  { subscriptionId, status }: ProviderSubscription,
): Promise<void> {
  // In every other state nothing was paid for the present period.
  const isPaid = status === 'active';
  if (isPaid && !(await provider.payBack(subscriptionId))) {
    reportError(new Error(`subscription ${subscriptionId}`), 'a payment has to be paid back by hand');
  }
  await provider.endNow(subscriptionId);
}
