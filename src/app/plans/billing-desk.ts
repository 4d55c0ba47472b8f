import { DomainError } from '../../domain/error';
import { judge, type Subscription } from '../../domain/plans';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import { endAndPayBack } from './ending';
import type { BillingEvent, BillingProvider, ProviderSubscription } from './ports/billing';
import type { Subscriptions } from './ports/subscriptions';

export interface BillingDeskDeps {
  readonly subscriptions: Subscriptions;
  readonly provider: BillingProvider;
  readonly clock: Clock;
  readonly isAccount: (userId: string) => Promise<boolean>;
  /** Called when a subscription was changed. */
  readonly changed: (subscription: Subscription) => void;
  readonly reportError: ErrorReporter;
}

/**
 * What became of a subscription that was looked at: `done`; `known` (newer data was applied before); `ended` (it charged
 * for nothing, so it was ended at the provider); `ignored` (not about a user here, or it gives nothing); `unknownPrice`
 * (somebody pays for what no plan here has: an operator has to name the price).
 */
export type BillingOutcome = 'done' | 'known' | 'ended' | 'ignored' | 'unknownPrice';

/** The result of an event. `ignored`: it changed nothing, and may be sent again. */
export type Taken = 'done' | 'known' | 'ignored';

export interface BillingDeskEvents {
  looked(outcome: BillingOutcome): void;
  /** An event was refused: its signature, its time or its form is not right. */
  refused(): void;
  /** A subscription had changed at the provider, and no event had said so. */
  missed(): void;
  /** An event is right again, after a log line about refused or missing ones. */
  acceptedAgain(): void;
}

/** Anybody can send events that are refused, and must not fill the log with them. The same holds for missing ones. */
const TROUBLE_LOG_MS = 3_600_000;

/** Another event about the same user changes their record at the same moment; more often than this it never does. */
const MOST_TRIES = 4;

/**
 * Applies the events of a billing provider. An event is only a sign that something has changed: the present state is
 * requested from the provider, so events may come twice, late or in any order. An event is marked only after it was
 * applied: after a crash, or once an operator has mended what it needs, it is applied when it is sent again.
 */
export class BillingDesk implements EventSource<BillingDeskEvents> {
  private readonly events = new EventEmitter<BillingDeskEvents>();
  /** When each kind of trouble with events was logged last, until an event is right. */
  private readonly loggedAt = new Map<'refused' | 'missed', number>();

  constructor(private readonly deps: BillingDeskDeps) {}

  on(listener: Partial<BillingDeskEvents>): void {
    this.events.on(listener);
  }

  async take(body: Buffer, signature: string): Promise<Taken> {
    const { provider, subscriptions, clock } = this.deps;
    const event = this.read(body, signature);
    const { eventId: id, type, at } = event;
    if (await subscriptions.isMarked(id)) return 'known';
    const outcome = await this.apply(event);
    if (outcome === 'ignored' || outcome === 'unknownPrice') return 'ignored';
    await subscriptions.markEvent({ id, provider: provider.name, type, at }, clock.now());
    return outcome === 'known' ? 'known' : 'done';
  }

  /** Asks the provider for a subscription, and does what its present state asks for. */
  async look(subscriptionId: string): Promise<BillingOutcome> {
    for (let tries = 1; ; tries += 1) {
      // Of two requests at the same time, the later one has the newer state.
      const requestedAt = this.deps.clock.now();
      const present = await this.deps.provider.present(subscriptionId);
      const outcome = present === null ? 'ignored' : await this.settle(present, requestedAt);
      if (outcome === 'changedMeanwhile' && tries < MOST_TRIES) continue;
      const seen: BillingOutcome = outcome === 'changedMeanwhile' ? 'known' : outcome;
      return this.say(seen);
    }
  }

  /** Says that a change was found whose event did not come, although it should have by now. */
  sayMissed(subscriptionId: string): void {
    this.events.emit((listener) => listener.missed?.());
    this.logTrouble(
      'missed',
      new Error(`subscription ${subscriptionId}`),
      'a subscription had changed at the payment provider, and no event had said so; the webhook there may be missing, switched off, or lead elsewhere',
    );
  }

  private read(body: Buffer, signature: string): BillingEvent {
    try {
      const event = this.deps.provider.read(body, signature);
      if (this.loggedAt.size > 0) this.events.emit((listener) => listener.acceptedAgain?.());
      this.loggedAt.clear();
      return event;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'webhook_refused') this.sayRefused(error);
      throw error;
    }
  }

  private sayRefused(error: DomainError): void {
    this.events.emit((listener) => listener.refused?.());
    this.logTrouble(
      'refused',
      error,
      'an event was refused that claims to be of the payment provider; where the provider lists failed deliveries, STRIPE_WEBHOOK_SECRET is not that of its webhook, or the clock here is wrong',
    );
  }

  private logTrouble(kind: 'refused' | 'missed', error: Error, message: string): void {
    const { clock, reportError } = this.deps;
    const now = clock.elapsed();
    if (now - (this.loggedAt.get(kind) ?? Number.NEGATIVE_INFINITY) < TROUBLE_LOG_MS) return;
    this.loggedAt.set(kind, now);
    reportError(error, message);
  }

  private async apply({ about }: BillingEvent): Promise<BillingOutcome> {
    switch (about.is) {
      case 'nothing':
        return this.say('ignored');
      case 'subscription':
        return this.look(about.subscriptionId);
      case 'returnedPayment':
        return this.endUnpaid(about.paymentId);
    }
  }

  private say(outcome: BillingOutcome): BillingOutcome {
    this.events.emit((listener) => listener.looked?.(outcome));
    return outcome;
  }

  /** What was paid back in full gives nothing any more, and must not be charged again. */
  private async endUnpaid(paymentId: string): Promise<BillingOutcome> {
    const { provider } = this.deps;
    const subscriptionId = await provider.subscriptionPaidBy(paymentId);
    const present = subscriptionId === null ? null : await provider.present(subscriptionId);
    if (present === null || !present.isOurs || present.userId === null) {
      return this.say('ignored');
    }
    if (!present.hasEnded) await provider.endNow(present.subscriptionId);
    return this.look(present.subscriptionId);
  }

  private async settle(
    present: ProviderSubscription,
    requestedAt: number,
  ): Promise<BillingOutcome | 'changedMeanwhile'> {
    const { subscriptions, provider, clock, isAccount } = this.deps;
    const { subscriptionId } = present;
    const known = await subscriptions.ofProvider(subscriptionId);
    const userId = known?.userId ?? present.userId;
    if (userId === null || !present.isOurs) return 'ignored';
    // An erased user gets no new record, and pays no more. What they paid meanwhile gave them nothing.
    if (known === null && !(await isAccount(userId))) return this.end(present);
    const current = known ?? (await subscriptions.get(userId));
    const verdict = judge(present, current, clock.now());
    switch (verdict.is) {
      case 'idle':
        return 'ignored';
      case 'surplus':
        return (await this.isOver(verdict.beside)) ? 'changedMeanwhile' : this.end(present);
      case 'unknownPrice':
        this.reportUnknownPrice(present);
        return 'unknownPrice';
      case 'taken': {
        if (present.planId === null && !present.hasEnded) this.reportUnknownPrice(present);
        // It charges for nothing once the other one has its place.
        if (verdict.replaces !== null) await provider.endNow(verdict.replaces);
        return this.write(userId, { ...present, planId: verdict.planId }, current, requestedAt);
      }
    }
  }

  private async write(
    userId: string,
    present: ProviderSubscription & { readonly planId: string },
    current: Subscription | null,
    requestedAt: number,
  ): Promise<'done' | 'known' | 'changedMeanwhile'> {
    const { subscriptions, provider, clock, changed } = this.deps;
    const change = {
      planId: present.planId,
      status: present.status,
      currentPeriodEnd: present.currentPeriodEnd,
      cancelAtPeriodEnd: present.cancelAtPeriodEnd,
      provider: provider.name,
      providerCustomerId: present.customerId,
      providerSubscriptionId: present.subscriptionId,
      checkoutAt: null,
      // Whoever had a trial by the provider has had theirs.
      ...(present.hadTrial && (current?.trialUsedAt ?? null) === null ? { trialUsedAt: clock.now() } : {}),
    };
    const before = current?.providerSubscriptionId ?? null;
    const result = await subscriptions.fromProvider(userId, change, { before, requestedAt }, clock.now());
    if (result !== null) {
      changed(result);
      return 'done';
    }
    const now = await subscriptions.get(userId);
    return (now?.providerSubscriptionId ?? null) === before ? 'known' : 'changedMeanwhile';
  }

  /** Whether the provider has ended a subscription that was in force here; the record follows it then. */
  private async isOver(subscriptionId: string): Promise<boolean> {
    const present = await this.deps.provider.present(subscriptionId);
    if (present?.hasEnded !== true) return false;
    return (await this.look(subscriptionId)) === 'done';
  }

  private async end(present: ProviderSubscription): Promise<BillingOutcome> {
    if (present.hasEnded) return 'ignored';
    await endAndPayBack(this.deps, present);
    return 'ended';
  }

  private reportUnknownPrice({ subscriptionId, priceId }: ProviderSubscription): void {
    this.deps.reportError(
      new Error(`subscription ${subscriptionId}, price ${priceId}`),
      'somebody pays a price that STRIPE_PRICES does not name; name it, restart, and send the event again',
    );
  }
}
