import type { SubscriptionStatus } from '../../protocol';
import { holds, type Subscription } from './subscription';

/** What a provider says of one subscription. */
export interface ProviderState {
  readonly subscriptionId: string;
  /** Null: its price is none of a plan here. */
  readonly planId: string | null;
  readonly status: SubscriptionStatus;
  /** Until when it is paid. */
  readonly currentPeriodEnd: number | null;
  readonly cancelAtPeriodEnd: boolean;
  /** It is over for good, and nothing will be charged for it again. */
  readonly hasEnded: boolean;
}

/** What a user's record has to do with a subscription at the provider. */
export type ProviderVerdict =
  /** It is the user's subscription, or becomes it. `replaces`: the one it takes the place of, which charges no more. */
  | { readonly is: 'taken'; readonly planId: string; readonly replaces: string | null }
  /** The user has another one that is in force: this one is ended and paid back. */
  | { readonly is: 'surplus'; readonly beside: string }
  /** It gives nothing (yet): it was never paid, or it has ended, and the user has another one or none. */
  | { readonly is: 'idle' }
  /** It is paid for, but its price belongs to no plan here, so nobody knows what it gives. */
  | { readonly is: 'unknownPrice' };

/**
 * What to do about a subscription of a user who is here (P2). A user has one subscription. The one that is in force
 * stays, since it is being used; one that is paid beside it gave the user nothing. A known subscription follows its
 * provider, whatever has become of its price.
 */
export function judge(state: ProviderState, current: Subscription | null, now: number): ProviderVerdict {
  const known = current?.providerSubscriptionId ?? null;
  if (current !== null && known === state.subscriptionId) {
    return { is: 'taken', planId: state.planId ?? current.planId, replaces: null };
  }
  const gives = holds({ ...state, provider: 'stripe' }, now);
  if (state.hasEnded || !gives) return { is: 'idle' };
  // A trial is had once. What charges nothing yet gives nothing then; it is looked at again when it is paid.
  if (state.status === 'trialing' && current !== null && current.trialUsedAt !== null) return { is: 'idle' };
  if (current !== null && known !== null && current.provider === 'stripe' && holds(current, now)) {
    return { is: 'surplus', beside: known };
  }
  if (state.planId === null) return { is: 'unknownPrice' };
  return { is: 'taken', planId: state.planId, replaces: known };
}
