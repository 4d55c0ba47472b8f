import type { Accounts } from '../../app/accounts';
import type { Identity } from '../../app/accounts/identity';
import type { Plans } from '../../app/plans/plans';
import type { Me } from '../../protocol';
import type { EndpointHandlers } from './types';

export interface MeSources {
  readonly accounts: Accounts;
  readonly plans: Pick<Plans, 'stateOf'>;
}

export const meOf = async ({ accounts, plans }: MeSources, identity: Identity): Promise<Me> => ({
  ...(await accounts.profiles.of(identity)),
  plan: await plans.stateOf(identity.userId),
});

/** The identity of this browser, and the profile of its user. */
export function meHandlers(sources: MeSources): Pick<EndpointHandlers, 'me' | 'changeMe' | 'statistics'> {
  const { profiles, identities, minimumAge } = sources.accounts;
  return {
    me: async ({ credentials, cookies }) => {
      const identity = await identities.identify(credentials);
      // A browser that is in use keeps its cookie. A browser whose log-in is over need not send it again.
      if (identity?.isAnonymous === false && credentials.logIn !== null) cookies.logIn(credentials.logIn);
      else if (credentials.logIn !== null) cookies.forget('logIn');
      if (identity?.guestSession != null) cookies.guest(identity.guestSession);
      return { me: identity === null ? null : await meOf(sources, identity), minimumAge };
    },
    changeMe: async ({ caller: { identity }, body }) => {
      await profiles.change(identity, body);
      const changed = body.name === undefined ? identity : { ...identity, name: body.name };
      return { me: await meOf(sources, changed) };
    },
    statistics: async ({ caller }) => ({ ...(await profiles.statistics(caller.identity)) }),
  };
}
