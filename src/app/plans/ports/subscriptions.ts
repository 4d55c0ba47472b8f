import type { Subscription } from '../../../domain/plans';
import type { Usage } from '../../../domain/plans';

/** What a user, an operator or a billing provider can change about a subscription. */
export type SubscriptionChange = Partial<Omit<Subscription, 'userId' | 'usage' | 'startedAt'>>;

/**
 * The store of subscriptions and used minutes. Throws `DomainError('records_unavailable')` when it cannot be reached.
 */
export interface Subscriptions {
  get(userId: string): Promise<Subscription | null>;
  ofProvider(providerSubscriptionId: string): Promise<Subscription | null>;
  /** Changes an account's subscription, and makes one if there is none. Answers with the changed subscription. */
  change(userId: string, change: SubscriptionChange, now: number): Promise<Subscription>;
  /** Begins a trial if none was ever begun, else answers null. Atomic: of several calls at once only one begins. */
  beginTrial(userId: string, planId: string, endsAt: number, now: number): Promise<Subscription | null>;
  /**
   * Applies the state that a provider replied to a request made at `requestedAt`. Null: the reply to a later request
   * was applied already, or the user's subscription at the provider is another one than `before` by now. Atomic.
   */
  fromProvider(
    userId: string,
    change: SubscriptionChange,
    expected: { readonly before: string | null; readonly requestedAt: number },
    now: number,
  ): Promise<Subscription | null>;
  /**
   * Some of those whose state at the provider is in doubt and was not reported since `askedBefore`: those whose last
   * look is the longest ago.
   */
  inDoubt(now: number, askedBefore: number): Promise<Subscription[]>;
  /** Somebody looks at what is in doubt now. Makes no record where there is none any more. */
  looked(userId: string, now: number): Promise<void>;
  /** Clears what was in doubt. Makes no record where there is none any more. */
  settleDoubts(userId: string, settled: { checkout: boolean; end: boolean }): Promise<void>;
  /** A guest has become an account, so their record does not expire any more. */
  keepForGood(userId: string): Promise<void>;
  /**
   * Stores how much was used. Never waits: while the records are away, it is stored later. `isAnonymous`: a record that
   * was not kept for good expires a day later.
   */
  keepUsage(userId: string, usage: Usage, isAnonymous: boolean, now: number): void;
  /** Marks a provider's event as applied; `false` when it was marked before. */
  markEvent(event: { id: string; provider: string; type: string; at: number }, now: number): Promise<boolean>;
  isMarked(eventId: string): Promise<boolean>;
}
