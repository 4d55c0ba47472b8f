import type { Subscription } from '../../../domain/plans';
import type { Usage } from '../../../domain/plans';

/** What of a subscription a person, an operator or a billing provider changes. */
export type SubscriptionChange = Partial<Omit<Subscription, 'userId' | 'usage' | 'startedAt'>>;

/** Where subscriptions and the minutes used are kept. Throws `DomainError('records_unavailable')` when they cannot be reached. */
export interface Subscriptions {
  get(userId: string): Promise<Subscription | null>;
  ofProvider(providerSubscriptionId: string): Promise<Subscription | null>;
  /** Of an account. Makes it when there is none. Answers with it as it is afterwards. */
  change(userId: string, change: SubscriptionChange, now: number): Promise<Subscription>;
  /** Begins a trial, if none was ever begun; null otherwise, whoever races. */
  beginTrial(userId: string, planId: string, endsAt: number, now: number): Promise<Subscription | null>;
  /**
   * Takes over what a provider said when it was asked at `askedAt`, unless what was asked later was taken over already;
   * null then. One atomic step.
   */
  fromProvider(
    userId: string,
    change: SubscriptionChange,
    askedAt: number,
    now: number,
  ): Promise<Subscription | null>;
  /** A guest has become an account: what is kept of them no longer ends with the day. */
  keepForGood(userId: string): Promise<void>;
  /** Keeps how much was used. Never holds anybody up; kept for later when the records are away. */
  keepUsage(userId: string, usage: Usage, isAnonymous: boolean, now: number): void;
  /** Marks a provider's event as taken over; `false` when it was before. */
  markEvent(event: { id: string; provider: string; type: string; at: number }, now: number): Promise<boolean>;
  isMarked(eventId: string): Promise<boolean>;
}
