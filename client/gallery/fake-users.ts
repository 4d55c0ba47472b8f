import type { Me, Plan, PlanState } from '../../src/protocol';

/** The users of the gallery, and the state that the fake server is in. */
export type FakeUser =
  | 'guest'
  | 'account'
  | 'fresh'
  | 'premium'
  | 'used_up'
  | 'no_filters'
  | 'unsold'
  | 'guest_unsold'
  /** The user is known, but every request that needs the records fails. */
  | 'records_away';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const FREE: Plan = {
  id: 'free',
  name: 'Free',
  dailyMinutes: 240,
  monthlyMinutes: 3000,
  priority: 0,
  filters: true,
  maxKbps: 1500,
  price: null,
  trialDays: 0,
};
export const PREMIUM: Plan = {
  id: 'premium',
  name: 'Premium',
  dailyMinutes: null,
  monthlyMinutes: null,
  priority: 5,
  filters: true,
  maxKbps: 2500,
  price: { amount: 799, currency: 'eur' },
  trialDays: 7,
};

export const planStateOf = (plan: Plan, change: Partial<PlanState> = {}): PlanState => ({
  plan,
  status: 'active',
  periodEndsAt: null,
  endsThen: false,
  mayTry: true,
  usedTodayMs: 48 * 60_000,
  usedThisMonthMs: 11 * HOUR + 20 * 60_000,
  leftMs: plan.dailyMinutes === null ? null : 192 * 60_000,
  renewsAt: null,
  ...change,
});

const PLANS: Readonly<Record<FakeUser, () => PlanState>> = {
  guest: () => planStateOf(FREE),
  account: () => planStateOf(FREE),
  fresh: () => planStateOf(FREE, { usedTodayMs: 0, usedThisMonthMs: 0 }),
  premium: () => planStateOf(PREMIUM, { periodEndsAt: Date.now() + 21 * DAY, mayTry: false }),
  used_up: () => planStateOf(FREE, { leftMs: 0, usedTodayMs: 240 * 60_000, renewsAt: Date.now() + 9 * HOUR }),
  no_filters: () => planStateOf({ ...FREE, filters: false }),
  unsold: () => planStateOf(FREE),
  guest_unsold: () => planStateOf(FREE),
  records_away: () => planStateOf(FREE),
};

const GUESTS: readonly FakeUser[] = ['guest', 'no_filters', 'guest_unsold'];

export function meOf(cast: FakeUser): Me {
  const isAnonymous = GUESTS.includes(cast);
  return {
    id: isAnonymous ? 'guest_me' : 'me',
    name: isAnonymous ? 'BoldOtter1187' : 'Mira',
    isAnonymous,
    email: isAnonymous ? null : 'mira@example.org',
    birthDate: isAnonymous ? null : '1994-03-12',
    ageBand: isAnonymous ? null : '25-34',
    profile: {
      gender: 'female',
      country: 'AT',
      languages: ['de', 'en'],
      interests: ['film photography', 'night trains'],
      mode: 'video',
      wantedGenders: [],
      wantedAgeBands: ['25-34', '35-49'],
      avoidCountries: [],
      blurFirst: true,
    },
    plan: PLANS[cast](),
    createdAt: Date.UTC(2026, 1, 3),
  };
}
