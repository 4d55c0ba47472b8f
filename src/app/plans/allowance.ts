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
 * What a connected peer may do: their subscription as it was last read, and the minutes counted since. It is held in
 * memory, so that reading it costs nothing and needs no store.
 */
export class Allowance {
  constructor(
    private readonly catalogue: PlanCatalogue,
    private subscription: Subscription,
    /**
     * The records could not be reached, so this is the base plan with nothing used, to let the peer go on. What is
     * counted here must not be stored, because it would replace the minutes in the records.
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

  /** The subscription was changed. Minutes that were counted here meanwhile stay counted. */
  renew(subscription: Subscription): void {
    if (this.provisional) {
      this.provisional = false;
      this.subscription = subscription;
      return;
    }
    this.subscription = { ...subscription, usage: this.subscription.usage };
  }
}
