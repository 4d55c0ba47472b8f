import type { Subscription } from '../../domain/plans';
import type { BillingProvider } from './ports/billing';
import type { Clock } from '../ports/clock';
import type { Subscriptions } from './ports/subscriptions';

export interface BillingDeskDeps {
  readonly subscriptions: Subscriptions;
  readonly provider: BillingProvider;
  readonly clock: Clock;
  /** Called when a subscription was changed. */
  readonly changed: (subscription: Subscription) => void;
}

/** The result of an event: `done`, `known` (this event, or newer data, was applied before), `ignored`. */
export type Taken = 'done' | 'known' | 'ignored';

/**
 * Applies the events of a billing provider. An event is only a sign that something has changed: the present state is
 * requested from the provider, so events may come twice, late or in any order. An event is marked only after it was
 * applied, so after a crash it is applied when the provider sends it again.
 */
export class BillingDesk {
  constructor(private readonly deps: BillingDeskDeps) {}

  async take(body: Buffer, signature: string): Promise<Taken> {
    const { provider, subscriptions, clock } = this.deps;
    const { eventId, type, at, subscriptionId } = provider.read(body, signature);
    if (await subscriptions.isMarked(eventId)) return 'known';
    const taken = subscriptionId === null ? 'ignored' : await this.apply(subscriptionId);
    await subscriptions.markEvent({ id: eventId, provider: provider.name, type, at }, clock.now());
    return taken;
  }

  private async apply(subscriptionId: string): Promise<Taken> {
    const { subscriptions, clock, provider, changed } = this.deps;
    // Of two requests at the same time, the later one has the newer state.
    const requestedAt = clock.now();
    const present = await provider.present(subscriptionId);
    const known = await subscriptions.ofProvider(subscriptionId);
    const userId = known?.userId ?? present?.userId ?? null;
    if (present === null || userId === null || present.planId === null) return 'ignored';
    const current = known ?? (await subscriptions.get(userId));
    const hasEnded = present.status === 'cancelled' || present.status === 'expired';
    // The end of an earlier subscription must neither end the one that has taken its place, nor bring back the record
    // of an erased user.
    if (hasEnded && current?.providerSubscriptionId !== subscriptionId) return 'ignored';
    const change = {
      planId: present.planId,
      status: present.status,
      currentPeriodEnd: present.currentPeriodEnd,
      cancelAtPeriodEnd: present.cancelAtPeriodEnd,
      provider: provider.name,
      providerCustomerId: present.customerId,
      providerSubscriptionId: subscriptionId,
    };
    const result = await subscriptions.fromProvider(userId, change, requestedAt, clock.now());
    if (result === null) return 'known';
    changed(result);
    return 'done';
  }
}
