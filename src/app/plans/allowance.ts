import {
  leftMs,
  planInForce,
  planState,
  usageAfter,
  type PlanCatalogue,
  type Subscription,
} from '../../domain/plans';
import type { Plan, PlanState } from '../../protocol';

/**
 * What one person who is here may do: their subscription as it was last read, and the minutes counted since. Held in
 * memory, so that asking it costs nothing and needs no store.
 */
export class Allowance {
  constructor(
    private readonly catalogue: PlanCatalogue,
    private subscription: Subscription,
    /**
     * The records could not be asked: this is everybody's plan with nothing used, so that the person can go on. What is
     * counted must not be kept, since it would take the place of what is.
     */
    private provisional = false,
  ) {}

  get isProvisional(): boolean {
    return this.provisional;
  }

  plan(now: number): Plan {
    return planInForce(this.subscription, this.catalogue, now);
  }

  state(now: number): PlanState {
    return planState(this.subscription, this.catalogue, now);
  }

  /** Null: no limit. */
  leftMs(now: number): number | null {
    return leftMs(this.plan(now), this.subscription.usage, now);
  }

  get usage(): Subscription['usage'] {
    return this.subscription.usage;
  }

  /** Counts a piece of a call. */
  count(ms: number, now: number): void {
    this.subscription = { ...this.subscription, usage: usageAfter(this.subscription.usage, ms, now) };
  }

  /** The subscription was changed; what was counted here meanwhile stays counted. */
  renew(subscription: Subscription): void {
    if (this.provisional) {
      this.provisional = false;
      this.subscription = subscription;
      return;
    }
    this.subscription = { ...subscription, usage: this.subscription.usage };
  }
}
