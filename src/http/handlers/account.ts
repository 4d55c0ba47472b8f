import type { Opened } from '../../app/accounts/login-sessions';
import { DomainError } from '../../domain/error';
import type { ErrorCode, Me } from '../../protocol';
import { meOf, type MeSources } from './me';
import type { ContextOf, EndpointHandlers } from './types';

type Names = 'register' | 'confirmAccount' | 'logIn' | 'logOut' | 'askReset' | 'reset' | 'changePassword';

/** Registration, log-in, log-out and passwords. */
export function accountHandlers(sources: MeSources): Pick<EndpointHandlers, Names> {
  const { registration, confirmation, loginService, passwordReset, passwordChange, identities } =
    sources.accounts;

  /**
   * Gives the browser this log-in, and ends the one that it had before. `otherwise`: the code where the log-in is over
   * already, because its user was erased or has changed the password in this very moment.
   */
  const admit = async (
    { token }: Opened,
    { credentials, client, cookies }: Pick<ContextOf<Names>, 'credentials' | 'client' | 'cookies'>,
    otherwise: ErrorCode,
  ): Promise<Me> => {
    const identity = await identities.identify({ logIn: token, guest: null });
    if (identity === null) throw new DomainError(otherwise, 'the log-in was over before it was used');
    await loginService.logOut(credentials.logIn, client);
    cookies.logIn(token);
    return meOf(sources, identity);
  };

  return {
    register: async ({ body, credentials, client }) => {
      await registration.register(await identities.identify(credentials), body, client);
      return {};
    },
    confirmAccount: async (context) => {
      const { body, credentials, client, cookies } = context;
      const identity = await identities.identify(credentials);
      const opened = await confirmation.confirm(identity, body, client);
      const me = await admit(opened, context, 'confirmation_invalid');
      // The guest is an account from now on, so the cookie of the guest's session goes.
      if (identity?.userId === opened.userId) cookies.forget('guest');
      return { me };
    },
    logIn: async (context) => ({
      me: await admit(await loginService.logIn(context.body, context.client), context, 'wrong_credentials'),
    }),
    logOut: async ({ credentials, client, cookies }) => {
      await loginService.logOut(credentials.logIn, client);
      cookies.forget('logIn');
      return {};
    },
    askReset: async ({ body, client }) => {
      await passwordReset.ask(body.email, client);
      return {};
    },
    reset: async ({ body, client, cookies }) => {
      await passwordReset.reset(body.token, body.password, client);
      cookies.forget('logIn');
      return {};
    },
    changePassword: async ({ caller, body, client }) => {
      await passwordChange.change(caller.identity, body, client);
      return {};
    },
  };
}
