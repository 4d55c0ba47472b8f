import type { Subscription } from '../../domain/plans';
import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { BillingDesk } from './billing-desk';
import type { PlanEndings } from './plan-endings';
import type { PriceCheck } from './price-check';
import type { BillingProvider } from './ports/billing';
import type { Subscriptions } from './ports/subscriptions';

export interface BillingFollowUpDeps {
  readonly subscriptions: Subscriptions;
  readonly provider: BillingProvider;
  readonly desk: Pick<BillingDesk, 'look' | 'sayMissed'>;
  readonly endings: Pick<PlanEndings, 'endFor'>;
  readonly prices: Pick<PriceCheck, 'run'>;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

const EVERY_MS = 5 * 60_000;
/** A provider reports within moments; it is asked only about what it has not reported for this long. */
const PATIENCE_MS = 2 * 60_000;
/** Payment pages of Stripe close after a day; a payment that is still in doubt then is reported by its event. */
const CHECKOUT_MS = 26 * 3_600_000;

/**
 * Finishes what broke off between here and the provider, after a restart too (P2): payments whose event never came,
 * renewals that were not reported, and ends of subscriptions that the provider did not hear of.
 */
export class BillingFollowUp {
  private readonly timer: ReturnType<typeof setInterval>;
  private isRunning = false;

  constructor(private readonly deps: BillingFollowUpDeps) {
    this.timer = setInterval(() => void this.run(), EVERY_MS);
    this.timer.unref();
  }

  /** One round, unless one still runs. It never throws: what fails is tried in the next one. */
  async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    const { subscriptions, prices, clock } = this.deps;
    try {
      await prices.run();
      const now = clock.now();
      for (const one of await subscriptions.inDoubt(now, now - PATIENCE_MS)) await this.finish(one);
    } catch (error) {
      this.report(error);
    } finally {
      this.isRunning = false;
    }
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async finish(subscription: Subscription): Promise<void> {
    const { endings, provider, desk, subscriptions, clock } = this.deps;
    const { userId, providerSubscriptionId, providerCustomerId, checkoutAt, endWantedAt } = subscription;
    try {
      // Before anything can fail, so that one that always fails does not keep others from their turn.
      await subscriptions.looked(userId, clock.now());
      if (endWantedAt !== null) await endings.endFor(userId);
      const found = checkoutAt === null ? [] : await provider.subscriptionsOf(userId, providerCustomerId);
      const ids = new Set(found.filter(({ hasEnded }) => !hasEnded).map((one) => one.subscriptionId));
      if (providerSubscriptionId !== null) ids.add(providerSubscriptionId);
      for (const id of ids) if ((await desk.look(id)) === 'done') await this.compare(subscription);
      const isOver = checkoutAt !== null && clock.now() - checkoutAt > CHECKOUT_MS;
      await subscriptions.settleDoubts(userId, { checkout: isOver, end: endWantedAt !== null });
    } catch (error) {
      this.report(error);
    }
  }

  /** What a look has changed should have been said by an event. */
  private async compare(before: Subscription): Promise<void> {
    const after = await this.deps.subscriptions.get(before.userId);
    const id = after?.providerSubscriptionId ?? null;
    const isSame = (['status', 'planId', 'currentPeriodEnd', 'providerSubscriptionId'] as const).every(
      (field) => after?.[field] === before[field],
    );
    if (id !== null && !isSame) this.deps.desk.sayMissed(id);
  }

  private report(error: unknown): void {
    // Whoever is away is asked again in the next round; its own health says that it is away.
    const isAway =
      error instanceof DomainError && ['provider_unreachable', 'records_unavailable'].includes(error.code);
    if (!isAway) this.deps.reportError(error, 'a subscription could not be followed up');
  }
}
