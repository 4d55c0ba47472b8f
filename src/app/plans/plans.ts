import {
  mayTry,
  noSubscription,
  planInForce,
  planOf,
  planState,
  type PlanCatalogue,
  type Subscription,
} from '../../domain/plans';
import { DomainError } from '../../domain/error';
import { isFurtherWindow, userIdOf } from '../../domain/users';
import type { Plan, PlanState } from '../../protocol';
import type { Identity } from '../accounts/identity';
import type { BillingProvider } from './ports/billing';
import type { Clock } from '../ports/clock';
import type { SubscriptionChange, Subscriptions } from './ports/subscriptions';
import { Allowance } from './allowance';
import { BillingDesk } from './billing-desk';
import { BillingFollowUp } from './billing-follow-up';
import { Checkouts, mustHoldNone } from './checkouts';
import { PlanEndings } from './plan-endings';
import { PriceCheck } from './price-check';
import type { UsageMemory } from './usage-memory';
import type { ErrorReporter } from '../ports/error-reporter';

export interface PlansDeps {
  readonly catalogue: PlanCatalogue;
  readonly subscriptions: Subscriptions;
  readonly billing: BillingProvider | null;
  readonly clock: Clock;
  /** The connected peers, so that a change applies at once. */
  readonly peers: { get(userId: string): { readonly allowance: Allowance } | undefined };
  readonly lines: { limit(userId: string, maxKbps: number): void };
  readonly memory: UsageMemory;
  readonly isAccount: (userId: string) => Promise<boolean>;
  readonly reportError: ErrorReporter;
}

const DAY_MS = 24 * 3_600_000;

/** What users may do, and how plans are bought, tried and cancelled (P1). */
export class Plans {
  /** Takes the events of the billing provider; null where there is none. */
  readonly desk: BillingDesk | null;
  /** Finishes what broke off between here and the provider; null where there is none. */
  readonly followUp: BillingFollowUp | null;
  private readonly endings: PlanEndings;
  private readonly checkouts: Checkouts | null;

  constructor(private readonly deps: PlansDeps) {
    this.endings = new PlanEndings(deps);
    const provider = deps.billing;
    if (provider === null) {
      this.desk = this.checkouts = this.followUp = null;
      return;
    }
    const changed = (subscription: Subscription) => void this.subscriptionChanged(subscription);
    const desk = new BillingDesk({ ...deps, provider, changed });
    this.desk = desk;
    this.checkouts = new Checkouts({ ...deps, provider, desk });
    const prices = new PriceCheck({ ...deps, provider });
    this.followUp = new BillingFollowUp({ ...deps, provider, desk, prices, endings: this.endings });
  }

  /** `sold`: the plans that can be bought. */
  get offered(): { plans: readonly Plan[]; mayBuy: boolean; sold: readonly string[] } {
    const sold = this.deps.billing?.sold ?? [];
    return { plans: this.deps.catalogue.plans, mayBuy: sold.length > 0, sold };
  }

  /** While the records are away it answers with the base plan, which the peer keeps until their next handshake. */
  async allowanceOf({ userId: peerId, isAnonymous, guestSession }: Identity): Promise<Allowance> {
    // A further window shares the minutes of the first window.
    const userId = userIdOf(peerId);
    // A guest without a session cannot have used anything yet.
    if (isAnonymous && guestSession === null && !isFurtherWindow(peerId)) return this.freshAllowance(userId);
    const { catalogue, memory } = this.deps;
    try {
      const subscription = await this.subscriptionOf(userId);
      const usage = memory.merged(userId, subscription.usage);
      return new Allowance(catalogue, { ...subscription, usage });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'records_unavailable') throw error;
      return new Allowance(catalogue, this.none(userId), true);
    }
  }

  /** The allowance of a user who is here for the first time. */
  freshAllowance(userId: string): Allowance {
    return new Allowance(this.deps.catalogue, this.none(userId));
  }

  async stateOf(userId: string): Promise<PlanState> {
    const now = this.deps.clock.now();
    const present = this.deps.peers.get(userId)?.allowance;
    if (present !== undefined) return present.state(now);
    return planState(await this.subscriptionOf(userId), this.deps.catalogue, now);
  }

  async beginTrial(userId: string, planId: string): Promise<PlanState> {
    const { catalogue, subscriptions, clock } = this.deps;
    const now = clock.now();
    const plan = this.knownPlan(planId);
    const subscription = await this.subscriptionOf(userId);
    const trialUsed = new DomainError('trial_used', 'this plan cannot be tried (again)');
    if (!mayTry(subscription, plan, catalogue, now)) throw trialUsed;
    const begun = await subscriptions.beginTrial(userId, plan.id, now + plan.trialDays * DAY_MS, now);
    if (begun === null) throw trialUsed;
    return this.subscriptionChanged(begun);
  }

  /** Answers with the URL of the payment page. */
  async checkout(userId: string, email: string, planId: string): Promise<string> {
    this.knownPlan(planId);
    if (this.checkouts === null) throw notSold();
    return this.checkouts.begin(userId, email, planId);
  }

  /** The plan ends with its period, or `cancel: false` takes that back. */
  async setCancelled(userId: string, cancel: boolean): Promise<PlanState> {
    const { subscriptions, clock, catalogue } = this.deps;
    const now = clock.now();
    const subscription = await this.subscriptionOf(userId);
    if (
      planInForce(subscription, catalogue, now) === catalogue.base ||
      subscription.currentPeriodEnd === null
    ) {
      throw new DomainError('no_plan', 'there is no plan to cancel');
    }
    if (subscription.provider === 'stripe' && subscription.providerSubscriptionId !== null) {
      await this.billing().cancelAtPeriodEnd(subscription.providerSubscriptionId, cancel);
    }
    return this.subscriptionChanged(await subscriptions.change(userId, { cancelAtPeriodEnd: cancel }, now));
  }

  /**
   * The operator gives an account a plan (P2, manual). `until` null: without an end. Throws
   * `DomainError('plan_held')` when the account has a paid plan: that has to end first.
   */
  async grant(userId: string, planId: string, until: number | null): Promise<PlanState> {
    const { subscriptions, clock, isAccount } = this.deps;
    const plan = this.knownPlan(planId);
    if (!(await isAccount(userId))) throw new DomainError('not_found', 'there is no such account');
    mustHoldNone(await this.subscriptionOf(userId), this.deps.catalogue, clock.now());
    const change: SubscriptionChange = {
      planId: plan.id,
      status: 'active',
      provider: 'manual',
      currentPeriodEnd: until,
      cancelAtPeriodEnd: false,
    };
    return this.subscriptionChanged(await subscriptions.change(userId, change, clock.now()));
  }

  /** A subscription was changed. If the user is connected, the change applies at once. */
  subscriptionChanged(subscription: Subscription): PlanState {
    const { catalogue, clock, peers, lines } = this.deps;
    const now = clock.now();
    const here = peers.get(subscription.userId)?.allowance;
    if (here === undefined) return planState(subscription, catalogue, now);
    here.renew(subscription);
    lines.limit(subscription.userId, here.plan(now).maxKbps);
    return here.state(now);
  }

  /** Ends everything that a provider charges a user for who is being erased, whatever plan it is by now. */
  endFor(userId: string): Promise<void> {
    return this.endings.endFor(userId);
  }

  private async subscriptionOf(userId: string): Promise<Subscription> {
    return (await this.deps.subscriptions.get(userId)) ?? this.none(userId);
  }

  private none(userId: string): Subscription {
    return noSubscription(userId, this.deps.catalogue.base.id, this.deps.clock.now());
  }

  private knownPlan(planId: string): Plan {
    const plan = planOf(this.deps.catalogue, planId);
    if (plan === undefined) throw new DomainError('plan_unknown', 'there is no such plan');
    return plan;
  }

  private billing(): BillingProvider {
    if (this.deps.billing === null) throw notSold();
    return this.deps.billing;
  }
}

const notSold = (): DomainError => new DomainError('billing_unavailable', 'plans are not sold here');
