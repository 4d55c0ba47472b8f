import { BillingFollowUp, type BillingFollowUpDeps } from '../../../src/app/plans/billing-follow-up';
import type { SubscriptionRecord } from '../../../src/records/models';
import {
  RecordedSubscriptions,
  type SubscriptionsDeps,
} from '../../../src/records/repositories/subscriptions';
import type { Page } from '../../../src/records/store/record-store';
import { ManualClock, settle } from '../../support/manual-clock';

const idOf = (n: number): string => `user_${String(n).padStart(3, '0')}`;

/** People with a payment page that lies open; `find` sorts and limits as the stores do. */
function scene(people: number) {
  const clock = new ManualClock();
  const opened = new Date(clock.now());
  const nothing = { providerAskedAt: null, currentPeriodEnd: null, trialUsedAt: null, endWantedAt: null };
  const records = Array.from({ length: people }, (_, n) => ({
    ...{ _id: idOf(n), startedAt: opened, checkoutAt: opened, ...nothing },
    ...{ providerCustomerId: null, providerSubscriptionId: null, usage: {} },
    lookedAt: null as Date | null,
  }));
  const lookedAt = (one: { lookedAt: Date | null }): number => one.lookedAt?.getTime() ?? 0;
  const collection = {
    find: (filter: Partial<SubscriptionRecord>, { sort, limit }: Page) => {
      if (!('checkoutAt' in filter)) return Promise.resolve([]);
      const sorted =
        sort?.['lookedAt'] === 1 ? [...records].sort((a, b) => lookedAt(a) - lookedAt(b)) : records;
      return Promise.resolve(sorted.slice(0, limit));
    },
    update: ({ _id }: { _id: string }, { $set }: { $set: object }) =>
      Promise.resolve(Object.assign(records.find((one) => one._id === _id) ?? {}, $set)),
  };
  const asked: string[] = [];
  const provider = { isAway: false, hold: Promise.resolve() };
  const followUp = new BillingFollowUp({
    subscriptions: new RecordedSubscriptions({ subscriptions: collection } as unknown as SubscriptionsDeps),
    provider: {
      subscriptionsOf: async (userId: string) => {
        asked.push(userId);
        await provider.hold;
        if (provider.isAway) throw new Error('the provider is away');
        return [];
      },
    },
    prices: { run: () => Promise.resolve() },
    clock,
    reportError: () => undefined,
  } as unknown as BillingFollowUpDeps);
  followUp.close();
  return { clock, followUp, asked, provider };
}

test('P2 payment pages that nobody used keep no payment from being looked at, whether or not looks fail', async () => {
  for (const isAway of [false, true]) {
    const { clock, followUp, asked, provider } = scene(120);
    provider.isAway = isAway;
    for (let round = 0; round < 3; round++) {
      await clock.advance(1_000);
      await followUp.run();
    }
    expect(new Set(asked).size).toBe(120);
  }
});

test('P2 a round is left out while the one before still runs', async () => {
  const { followUp, asked, provider } = scene(1);
  let go = (): void => undefined;
  provider.hold = new Promise((resolve) => (go = resolve));
  const first = followUp.run();
  await settle();
  const second = followUp.run();
  await settle();
  expect(asked).toHaveLength(1);
  go();
  await Promise.all([first, second]);
  await followUp.run();
  expect(asked).toHaveLength(2);
});

test('P2 O1 a change that no event had said raises an alarm, and a look that finds nothing new does not', async () => {
  const clock = new ManualClock();
  const before = { userId: 'anna', providerSubscriptionId: 'sub_1', status: 'active', planId: 'premium' };
  const doubt = {
    ...before,
    providerCustomerId: null,
    checkoutAt: null,
    endWantedAt: null,
    currentPeriodEnd: 1,
  };
  const missed: string[] = [];
  let after = doubt;
  const followUp = new BillingFollowUp({
    subscriptions: {
      inDoubt: () => Promise.resolve([doubt]),
      looked: () => Promise.resolve(),
      settleDoubts: () => Promise.resolve(),
      get: () => Promise.resolve(after),
    },
    desk: { look: () => Promise.resolve('done'), sayMissed: (id: string) => missed.push(id) },
    prices: { run: () => Promise.resolve() },
    clock,
    reportError: (error: unknown) => {
      throw error;
    },
  } as unknown as BillingFollowUpDeps);
  followUp.close();
  await followUp.run();
  expect(missed).toEqual([]);
  after = { ...doubt, currentPeriodEnd: 2 };
  await followUp.run();
  expect(missed).toEqual(['sub_1']);
});
