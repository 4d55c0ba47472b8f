import type { Accounts } from '../../app/accounts';
import type { Plans } from '../../app/plans/plans';
import { DomainError } from '../../domain/error';
import type { EndpointHandlers } from './types';

type Names = 'plans' | 'plan' | 'tryPlan' | 'buyPlan' | 'cancelPlan' | 'resumePlan';

/** Plans as users see, try, buy and cancel them. */
export function planHandlers(
  plans: Plans,
  accounts: Pick<Accounts, 'profiles'>,
): Pick<EndpointHandlers, Names> {
  return {
    plans: () => {
      const { plans: all, mayBuy, sold } = plans.offered;
      return { plans: [...all], mayBuy, sold: [...sold] };
    },
    plan: async ({ caller }) => ({ plan: await plans.stateOf(caller.identity.userId) }),
    tryPlan: async ({ caller, body }) => ({
      plan: await plans.beginTrial(caller.identity.userId, body.planId),
    }),
    buyPlan: async ({ caller: { identity }, body }) => {
      const { email } = await accounts.profiles.of(identity);
      if (email === null) throw new DomainError('log_in_first', 'this needs an account');
      return { url: await plans.checkout(identity.userId, email, body.planId) };
    },
    cancelPlan: async ({ caller }) => ({ plan: await plans.setCancelled(caller.identity.userId, true) }),
    resumePlan: async ({ caller }) => ({ plan: await plans.setCancelled(caller.identity.userId, false) }),
  };
}

/** How an operator gives an account a plan, where there is no billing provider (P2). */
export const grantHandlers = (plans: Pick<Plans, 'grant'>): Pick<EndpointHandlers, 'grantPlan'> => ({
  grantPlan: async ({ body: { userId, planId, until } }) => ({
    plan: await plans.grant(userId, planId, until === null ? null : Date.parse(until)),
  }),
});
