import { z } from 'zod';
import { planSchema, type Plan } from '../../protocol';

/** The plans an operator offers. The first one holds for every user who has no other; it costs nothing. */
export interface PlanCatalogue {
  readonly plans: readonly Plan[];
  readonly base: Plan;
}

export const plansSchema = z
  .array(planSchema)
  .min(1)
  .max(12)
  .refine((plans) => plans[0]?.price === null, "the first plan is everybody's, so it has no price")
  .refine(
    (plans) => new Set(plans.map(({ id }) => id)).size === plans.length,
    'each plan needs an id of its own',
  );

/** The plans when the operator configures none. */
export const DEFAULT_PLANS: readonly Plan[] = [
  {
    id: 'free',
    name: 'Free',
    dailyMinutes: 240,
    monthlyMinutes: 3000,
    priority: 0,
    filters: true,
    maxKbps: 2000,
    price: null,
    trialDays: 0,
  },
  {
    id: 'premium',
    name: 'Premium',
    dailyMinutes: null,
    monthlyMinutes: null,
    priority: 5,
    filters: true,
    maxKbps: 3000,
    price: { amount: 799, currency: 'eur' },
    trialDays: 7,
  },
];

export function planCatalogue(plans: readonly Plan[]): PlanCatalogue {
  const [base] = plans;
  if (base === undefined) throw new Error('a catalogue has at least one plan');
  return { plans, base };
}

export const planOf = ({ plans }: PlanCatalogue, id: string): Plan | undefined =>
  plans.find((plan) => plan.id === id);
