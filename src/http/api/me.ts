import type { Accounts } from '../../app/accounts';
import type { Identity } from '../../app/accounts/identity';
import type { Me, PlanState } from '../../protocol';
import type { Handlers } from './handlers';

export interface MeSources {
  readonly accounts: Accounts;
  /** The plan somebody has and what is left of it. */
  readonly planOf: (userId: string) => Promise<PlanState>;
}

export const meOf = async ({ accounts, planOf }: MeSources, identity: Identity): Promise<Me> => ({
  ...(await accounts.profiles.of(identity)),
  plan: await planOf(identity.userId),
});

/** Who this browser is, and what people say of themselves. */
export function meHandlers(from: MeSources): Pick<Handlers, 'me' | 'changeMe' | 'statistics'> {
  const { profiles, minimumAge } = from.accounts;
  return {
    me: async ({ who, credentials, cookies }) => {
      const identity = await who();
      // A browser that still comes keeps its cookie; one whose log-in is over need not bring it again.
      if (identity?.isAnonymous === false && credentials.logIn !== null) cookies.logIn(credentials.logIn);
      else if (credentials.logIn !== null) cookies.forget('logIn');
      if (identity?.guestSession != null) cookies.guest(identity.guestSession);
      return { me: identity === null ? null : await meOf(from, identity), minimumAge };
    },
    changeMe: async ({ who, body }) => {
      await profiles.change(who, body);
      return { me: await meOf(from, body.name === undefined ? who : { ...who, name: body.name }) };
    },
    statistics: async ({ who }) => ({ ...(await profiles.statistics(who)) }),
  };
}
