import fc from 'fast-check';
import {
  DEFAULT_PLANS,
  holds,
  mayTry,
  mayWish,
  noSubscription,
  planCatalogue,
  planInForce,
  planState,
  plansSchema,
  type Subscription,
} from '../../../src/domain/plans';
import { SUBSCRIPTION_STATUSES, planStateSchema } from '../../../src/protocol';

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const catalogue = planCatalogue(DEFAULT_PLANS);
const [free, premium] = DEFAULT_PLANS;
if (free === undefined || premium === undefined) throw new Error('two plans are needed');
const of = (change: Partial<Subscription>): Subscription => ({
  ...noSubscription('u', free.id, NOW - 90 * DAY),
  ...change,
});

test('P1 a user who never chose a plan has the first one, without end', () => {
  const state = planState(of({}), catalogue, NOW);
  expect(state).toMatchObject({
    plan: free,
    status: 'active',
    periodEndsAt: null,
    endsThen: false,
    mayTry: true,
  });
});

test('P1 a trial holds until its end and not a moment longer, and can be had once', () => {
  const trial = of({
    planId: 'premium',
    status: 'trialing',
    currentPeriodEnd: NOW,
    trialUsedAt: NOW - 7 * DAY,
  });
  expect(planInForce(trial, catalogue, NOW - 1)).toBe(premium);
  expect(planInForce(trial, catalogue, NOW)).toBe(free);
  expect(planState(trial, catalogue, NOW)).toMatchObject({ plan: free, status: 'expired', mayTry: false });
  expect(mayTry(trial, premium, catalogue, NOW)).toBe(false);
});

test("P1 a plan that renews waits for the provider's word; one that was cancelled ends on time", () => {
  const bought = of({ planId: 'premium', provider: 'stripe', currentPeriodEnd: NOW });
  expect(holds(bought, NOW + 3_600_000)).toBe(true);
  expect(holds(bought, NOW + DAY)).toBe(false);
  expect(holds({ ...bought, cancelAtPeriodEnd: true }, NOW)).toBe(false);
  expect(
    planState({ ...bought, currentPeriodEnd: NOW + DAY, cancelAtPeriodEnd: true }, catalogue, NOW),
  ).toMatchObject({
    plan: premium,
    endsThen: true,
    periodEndsAt: NOW + DAY,
  });
});

test('P1 a late payment is waited for, three days', () => {
  const late = of({ planId: 'premium', provider: 'stripe', status: 'past_due', currentPeriodEnd: NOW });
  expect(planInForce(late, catalogue, NOW + 2 * DAY)).toBe(premium);
  expect(planInForce(late, catalogue, NOW + 3 * DAY)).toBe(free);
});

test('P1 a plan that is no longer offered leaves its users with the first one', () => {
  expect(planInForce(of({ planId: 'gold', provider: 'manual' }), catalogue, NOW)).toBe(free);
});

test('P1 every subscription has a valid state, and a free plan never ends', () => {
  const time = fc.option(fc.integer({ min: NOW - 90 * DAY, max: NOW + 90 * DAY }), { nil: null });
  fc.assert(
    fc.property(
      fc.record({
        planId: fc.constantFrom('free', 'premium', 'gold'),
        status: fc.constantFrom(...SUBSCRIPTION_STATUSES),
        currentPeriodEnd: time,
        cancelAtPeriodEnd: fc.boolean(),
        trialUsedAt: time,
        provider: fc.constantFrom('none' as const, 'manual' as const, 'stripe' as const),
      }),
      (change) => {
        const state = planState(of(change), catalogue, NOW);
        expect(planStateSchema.safeParse(state).success).toBe(true);
        if (state.plan.price !== null) expect(holds(of(change), NOW)).toBe(true);
        if (state.plan === free) expect(state.periodEndsAt).toBeNull();
        if (change.trialUsedAt !== null) expect(state.mayTry).toBe(false);
      },
    ),
  );
});

test('P1 wishes about the partner need filters; topics never do', () => {
  const none = { wantedGenders: [], wantedAgeBands: [], avoidCountries: [] };
  expect(mayWish({ filters: false }, none)).toBe(true);
  expect(mayWish({ filters: false }, { ...none, wantedGenders: ['female'] })).toBe(false);
  expect(mayWish({ filters: false }, { ...none, avoidCountries: ['DE'] })).toBe(false);
  expect(mayWish({ filters: true }, { ...none, wantedAgeBands: ['50+'] })).toBe(true);
});

test('P1 plans that make no sense are rejected: a first one that costs, ids used twice, none at all', () => {
  expect(plansSchema.safeParse([premium]).success).toBe(false);
  expect(plansSchema.safeParse([free, free]).success).toBe(false);
  expect(plansSchema.safeParse([]).success).toBe(false);
  expect(plansSchema.safeParse(DEFAULT_PLANS).success).toBe(true);
});
