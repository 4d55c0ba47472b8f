import { Plans } from '../../../src/app/plans/plans';
import { UsageMemory } from '../../../src/app/plans/usage-memory';
import type { Subscriptions } from '../../../src/app/plans/ports/subscriptions';
import { DEFAULT_PLANS, NO_USAGE, noSubscription, planCatalogue } from '../../../src/domain/plans';
import { ManualClock } from '../../support/manual-clock';
import { guest } from '../../support/people';

test('P1 a further window that moves to another node still has no more minutes than the first one', async () => {
  const catalogue = planCatalogue(DEFAULT_PLANS);
  const clock = new ManualClock();
  const used = { ...NO_USAGE, totalMs: 7 };
  const plans = new Plans({
    catalogue,
    clock,
    subscriptions: {
      get: (userId: string) =>
        Promise.resolve({ ...noSubscription(userId, catalogue.base.id, 0), usage: used }),
    } as unknown as Subscriptions,
    billing: null,
    peers: { get: () => undefined },
    lines: { limit: () => undefined },
    memory: new UsageMemory(),
    isAccount: () => Promise.resolve(false),
    reportError: (error) => {
      throw error;
    },
  });
  const usageOf = async (windowOf?: string) => {
    const identity = guest('window');
    return (await plans.allowanceOf(windowOf === undefined ? identity : { ...identity, windowOf })).usage;
  };
  expect((await usageOf('first')).totalMs).toBe(7);
  expect((await usageOf()).totalMs).toBe(0);
});
