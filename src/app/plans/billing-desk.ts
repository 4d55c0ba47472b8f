import type { Subscription } from '../../domain/plans';
import type { BillingProvider } from './ports/billing';
import type { Clock } from '../ports/clock';
import type { Subscriptions } from './ports/subscriptions';

export interface BillingDeskDeps {
  readonly subscriptions: Subscriptions;
  readonly provider: BillingProvider;
  readonly clock: Clock;
  /** Somebody's subscription was changed. */
  readonly changed: (subscription: Subscription) => void;
}

/** What became of an event: `done`, `known` (it, or something newer, was taken over before), `ignored`. */
export type Taken = 'done' | 'known' | 'ignored';

/**
 * Takes over what a billing provider says. An event is only the sign that something has changed: what is true now is
 * asked of the provider, so that events may come twice, late or in any order. An event is marked only when it was taken
 * over, so that one which met a crash is taken over when it is sent again.
 */
export class BillingDesk {
  constructor(private readonly deps: BillingDeskDeps) {}

  async take(body: Buffer, signature: string): Promise<Taken> {
    const { provider, subscriptions, clock } = this.deps;
    const { eventId, type, at, subscriptionId } = provider.read(body, signature);
    if (await subscriptions.isMarked(eventId)) return 'known';
    const taken = subscriptionId === null ? 'ignored' : await this.takeOver(subscriptionId);
    await subscriptions.markEvent({ id: eventId, provider: provider.name, type, at }, clock.now());
    return taken;
  }

  private async takeOver(subscriptionId: string): Promise<Taken> {
    const { subscriptions, clock, provider, changed } = this.deps;
    // Of two who ask at once, the one who asked later knows better.
    const askedAt = clock.now();
    const present = await provider.present(subscriptionId);
    const known = await subscriptions.ofProvider(subscriptionId);
    const userId = known?.userId ?? present?.userId ?? null;
    if (present === null || userId === null || present.planId === null) return 'ignored';
    const current = known ?? (await subscriptions.get(userId));
    const hasEnded = present.status === 'cancelled' || present.status === 'expired';
    // The end of an earlier subscription must not end the one that has taken its place, nor bring back the record of
    // somebody who was erased.
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
    const result = await subscriptions.fromProvider(userId, change, askedAt, clock.now());
    if (result === null) return 'known';
    changed(result);
    return 'done';
  }
}
