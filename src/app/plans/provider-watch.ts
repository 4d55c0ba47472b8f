import { DomainError } from '../../domain/error';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { BillingProvider } from './ports/billing';

export interface ProviderWatchEvents {
  /** The provider does not answer, or rejects this installation's account. Told once until it is back. */
  away(error: DomainError): void;
  back(): void;
}

/** Notices a billing provider that cannot be reached. */
export class ProviderWatch implements EventSource<ProviderWatchEvents> {
  private readonly events = new EventEmitter<ProviderWatchEvents>();
  private away = false;

  on(listener: Partial<ProviderWatchEvents>): void {
    this.events.on(listener);
  }

  get isAway(): boolean {
    return this.away;
  }

  async ask<T>(request: Promise<T>): Promise<T> {
    try {
      const answer = await request;
      this.now(null);
      return answer;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'provider_unreachable') this.now(error);
      throw error;
    }
  }

  private now(error: DomainError | null): void {
    const isAway = error !== null;
    if (isAway === this.away) return;
    this.away = isAway;
    this.events.emit((listener) => (error === null ? listener.back?.() : listener.away?.(error)));
  }
}

/** The same provider, with every request to it watched. */
export const watchedProvider = (provider: BillingProvider, watch: ProviderWatch): BillingProvider => ({
  name: provider.name,
  sold: provider.sold,
  read: (body, signature) => provider.read(body, signature),
  priceOf: (planId) => watch.ask(provider.priceOf(planId)),
  customerOf: (buyer) => watch.ask(provider.customerOf(buyer)),
  checkout: (buyer, planId) => watch.ask(provider.checkout(buyer, planId)),
  cancelAtPeriodEnd: (id, cancel) => watch.ask(provider.cancelAtPeriodEnd(id, cancel)),
  endNow: (id) => watch.ask(provider.endNow(id)),
  payBack: (id) => watch.ask(provider.payBack(id)),
  forget: (customerId) => watch.ask(provider.forget(customerId)),
  present: (id) => watch.ask(provider.present(id)),
  subscriptionsOf: (userId, customerId) => watch.ask(provider.subscriptionsOf(userId, customerId)),
  subscriptionPaidBy: (paymentId) => watch.ask(provider.subscriptionPaidBy(paymentId)),
});
