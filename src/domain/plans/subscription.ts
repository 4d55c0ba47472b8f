import type { Plan, PlanState, SubscriptionStatus } from '../../protocol';
import { planOf, type PlanCatalogue } from './catalogue';
import { NO_USAGE, leftMs, renewsAt, usageAt, type Usage } from './usage';

/** What a user has bought, and until when. Times in ms since the epoch. */
export interface Subscription {
  readonly userId: string;
  readonly planId: string;
  readonly status: SubscriptionStatus;
  readonly startedAt: number;
  /** When it is renewed or ends; null: no end. */
  readonly currentPeriodEnd: number | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly trialUsedAt: number | null;
  readonly provider: 'none' | 'manual' | 'stripe';
  readonly providerCustomerId: string | null;
  readonly providerSubscriptionId: string | null;
  readonly providerAskedAt: number | null;
  /** When a payment page was opened whose result is not known yet. */
  readonly checkoutAt: number | null;
  /** Since when the provider has to be told to end everything of this user. */
  readonly endWantedAt: number | null;
  readonly usage: Usage;
}

/** A late payment does not end a plan at once: providers try again for days. */
const PAST_DUE_GRACE_MS = 3 * 24 * 3_600_000;
/** The provider reports a renewal shortly after the period has ended. */
const RENEWAL_GRACE_MS = 6 * 3_600_000;

/** The subscription of a user who never chose a plan. */
export const noSubscription = (userId: string, planId: string, now: number): Subscription => ({
  userId,
  planId,
  status: 'active',
  startedAt: now,
  currentPeriodEnd: null,
  cancelAtPeriodEnd: false,
  trialUsedAt: null,
  provider: 'none',
  providerCustomerId: null,
  providerSubscriptionId: null,
  providerAskedAt: null,
  checkoutAt: null,
  endWantedAt: null,
  usage: NO_USAGE,
});

/** Whether the bought or tried plan is still in force. */
export function holds(
  subscription: Pick<Subscription, 'status' | 'currentPeriodEnd' | 'cancelAtPeriodEnd' | 'provider'>,
  now: number,
): boolean {
  const { status, currentPeriodEnd, cancelAtPeriodEnd, provider } = subscription;
  if (status === 'cancelled' || status === 'expired') return false;
  if (currentPeriodEnd === null) return true;
  if (status === 'past_due') return now < currentPeriodEnd + PAST_DUE_GRACE_MS;
  const renews = status === 'active' && provider === 'stripe' && !cancelAtPeriodEnd;
  return now < currentPeriodEnd + (renews ? RENEWAL_GRACE_MS : 0);
}

/** The plan in force: the bought one while it holds, else the base plan. A plan no longer offered counts as none. */
export function planInForce(subscription: Subscription, catalogue: PlanCatalogue, now: number): Plan {
  if (!holds(subscription, now)) return catalogue.base;
  return planOf(catalogue, subscription.planId) ?? catalogue.base;
}

/** Whether this user may try this plan: once ever, and not while the user has a plan that costs something. */
export const mayTry = (
  subscription: Subscription,
  plan: Plan,
  catalogue: PlanCatalogue,
  now: number,
): boolean =>
  plan.trialDays > 0 &&
  subscription.trialUsedAt === null &&
  planInForce(subscription, catalogue, now).price === null;

/** All of it as clients get it. */
export function planState(subscription: Subscription, catalogue: PlanCatalogue, now: number): PlanState {
  const plan = planInForce(subscription, catalogue, now);
  const isBought = plan.id === subscription.planId && plan !== catalogue.base;
  const usage = usageAt(subscription.usage, now);
  const left = leftMs(plan, usage, now);
  return {
    plan,
    status: isBought || holds(subscription, now) ? subscription.status : 'expired',
    periodEndsAt: isBought ? subscription.currentPeriodEnd : null,
    endsThen:
      isBought &&
      (subscription.cancelAtPeriodEnd ||
        subscription.status === 'trialing' ||
        (subscription.provider !== 'stripe' && subscription.currentPeriodEnd !== null)),
    mayTry: catalogue.plans.some((other) => mayTry(subscription, other, catalogue, now)),
    usedTodayMs: usage.dayMs,
    usedThisMonthMs: usage.monthMs,
    leftMs: left,
    renewsAt: renewsAt(plan, usage, now),
  };
}
