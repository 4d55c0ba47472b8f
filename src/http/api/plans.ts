import type { Accounts } from '../../app/accounts';
import type { Plans } from '../../app/plans/plans';
import { DomainError } from '../../domain/error';
import type { PlanHandlers } from './handlers';

/** Plans as people see, try, buy and cancel them. */
export function planHandlers(plans: Plans, accounts: Pick<Accounts, 'profiles'>): PlanHandlers {
  return {
    plans: async () => ({ ...plans.offered, plans: [...plans.offered.plans] }),
    plan: async ({ who }) => ({ plan: await plans.stateOf(who.userId) }),
    tryPlan: async ({ who, body }) => ({ plan: await plans.beginTrial(who.userId, body.planId) }),
    buyPlan: async ({ who, body }) => {
      const { email } = await accounts.profiles.of(who);
      if (email === null) throw new DomainError('log_in_first', 'this needs an account');
      return { url: await plans.checkout(who.userId, email, body.planId) };
    },
    cancelPlan: async ({ who }) => ({ plan: await plans.setCancelled(who.userId, true) }),
    resumePlan: async ({ who }) => ({ plan: await plans.setCancelled(who.userId, false) }),
  };
}
