import { Plans } from '../../../src/app/plans/plans';
import { UsageMemory } from '../../../src/app/plans/usage-memory';
import type { Subscriptions } from '../../../src/app/plans/ports/subscriptions';
import { DEFAULT_PLANS, NO_USAGE, noSubscription, planCatalogue } from '../../../src/domain/plans';
import { furtherWindowId } from '../../../src/domain/users';
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
    memory: new UsageMemory(clock),
    isAccount: () => Promise.resolve(false),
    reportError: (error) => {
      throw error;
    },
  });
  const usageOf = async (id: string) => (await plans.allowanceOf(guest(id))).usage;
  expect((await usageOf(furtherWindowId('first', 'second'))).totalMs).toBe(7);
  expect((await usageOf('first')).totalMs).toBe(0);
});
