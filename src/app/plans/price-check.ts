import { DomainError } from '../../domain/error';
import { planOf, priceFault, type PlanCatalogue } from '../../domain/plans';
import type { ErrorReporter } from '../ports/error-reporter';
import type { BillingProvider } from './ports/billing';

export interface PriceCheckDeps {
  readonly catalogue: PlanCatalogue;
  readonly provider: Pick<BillingProvider, 'sold' | 'priceOf'>;
  readonly reportError: ErrorReporter;
}

/**
 * Compares the prices that plans are offered at with what the provider takes for them, once after each start. What differs
 * is reported for the operator; nothing else depends on it.
 */
export class PriceCheck {
  /** Plans that are still to be compared. */
  private readonly open: Set<string>;

  constructor(private readonly deps: PriceCheckDeps) {
    this.open = new Set(deps.provider.sold);
  }

  /** Compares what is still to be compared. It never throws: a provider that is away is asked again the next time. */
  async run(): Promise<void> {
    for (const planId of this.open) {
      try {
        await this.compare(planId);
        this.open.delete(planId);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'provider_unreachable') return;
        this.open.delete(planId);
        this.deps.reportError(error, 'the price of a plan could not be compared with that of its provider');
      }
    }
  }

  private async compare(planId: string): Promise<void> {
    const { catalogue, provider, reportError } = this.deps;
    const plan = planOf(catalogue, planId);
    if (plan === undefined) return;
    const fault = priceFault(plan, await provider.priceOf(planId));
    if (fault !== null)
      reportError(new Error(fault), 'a plan is offered at another price than its provider takes');
  }
}
