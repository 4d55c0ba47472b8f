import type { Plan, PlanState } from '../../../../../src/protocol';
import type { Words } from '../../words';

/** What is left of a plan, as one message. */
export function leftLine(state: PlanState, words: Words): string {
  if (state.leftMs === null) return words.say('plans.left.any');
  if (state.leftMs > 0)
    return words.say('plans.left.time', { time: words.span(Math.max(60_000, state.leftMs)) });
  const none = words.say('plans.left.none');
  if (state.renewsAt === null) return none;
  return `${none}. ${words.say('plans.left.more', { when: words.moment(state.renewsAt) })}`;
}

export function usedLine(usedMs: number, minutes: number | null, words: Words): string {
  // Rounded up, because what is left is rounded down: the two together are the whole.
  const used = words.span(Math.ceil(usedMs / 60_000) * 60_000);
  return minutes === null
    ? words.say('plans.used.any', { used })
    : words.say('plans.used', { used, all: words.span(minutes * 60_000) });
}

/** When the plan renews or ends; null where it does neither, as the free plan. */
export function statusLine(state: PlanState, words: Words): string | null {
  const { status, periodEndsAt, endsThen } = state;
  const date = periodEndsAt === null ? null : words.date(periodEndsAt);
  switch (status) {
    case 'past_due':
      return words.say('plan.past_due');
    case 'expired':
      return words.say('plan.expired');
    case 'trialing':
      return date === null ? null : words.say('plan.trial', { date });
    case 'active':
    case 'cancelled':
      if (date === null) return state.plan.price === null ? null : words.say('plan.no_end');
      return words.say(endsThen ? 'plan.ends' : 'plan.renews', { date });
  }
}

/** The base plan has a name in every language, unless whoever runs this place has given it one. */
export const planName = (plan: Plan, words: Words): string =>
  plan.price === null && plan.name === 'Free' ? words.say('plan.name.free') : plan.name;

/** A plan that is not sold has no price: nobody can pay it. */
export function priceLine(plan: Plan, isSold: boolean, words: Words): string {
  if (plan.price === null) return words.say('plans.price.none');
  if (!isSold) return words.say('plans.price.unsold');
  const price = words.price(plan.price.amount, plan.price.currency);
  return words.say('plans.price.month', { price });
}

export const minutesLine = (minutes: number | null, words: Words): string =>
  minutes === null ? words.say('plans.any') : words.span(minutes * 60_000);

/** Whether the user's plan can be cancelled or resumed. A trial and a plan without an end can be neither. */
export function mayCancel(state: PlanState): 'cancel' | 'resume' | null {
  if (state.plan.price === null || state.periodEndsAt === null) return null;
  if (state.status === 'active' || state.status === 'past_due') return state.endsThen ? 'resume' : 'cancel';
  return null;
}

/** Whether the user can try or buy a plan. */
export function offerOf(plan: Plan, state: PlanState, mayBuy: boolean): { trial: boolean; buy: boolean } {
  const costs = plan.price !== null && plan.id !== state.plan.id;
  const onTrial = state.status === 'trialing' && plan.id === state.plan.id;
  return {
    trial: costs && plan.trialDays > 0 && state.mayTry,
    // A paid plan has to end before another one is bought. A trial does not.
    buy:
      mayBuy &&
      plan.price !== null &&
      (onTrial || (costs && (state.plan.price === null || state.status === 'trialing'))),
  };
}

/** Only http and https addresses are followed, whatever the reply contains. */
export const isWebAddress = (url: string): boolean =>
  /^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '');
