import type { Opened } from '../../app/accounts/login-sessions';
import type { Me } from '../../protocol';
import type { Asked, Handlers } from './handlers';
import { meOf, type MeSources } from './me';

type Names = 'register' | 'logIn' | 'logOut' | 'askReset' | 'reset' | 'changePassword';

/** Into an account and out of it. */
export function accountHandlers(from: MeSources): Pick<Handlers, Names> {
  const { registration, loginService, passwordReset, passwordChange, identities } = from.accounts;

  /** The browser has this log-in from now on; one that it had before is over. */
  const admit = async (
    { userId, token }: Opened,
    { credentials, visit, cookies }: Pick<Asked<Names>, 'credentials' | 'visit' | 'cookies'>,
  ): Promise<Me> => {
    await loginService.logOut(credentials.logIn, visit);
    cookies.logIn(token);
    const identity = await identities.identify({ logIn: token, guest: null });
    if (identity === null) throw new Error(`a log-in of ${userId} was over before it was used`);
    return meOf(from, identity);
  };

  return {
    register: async ({ body, who, ...asked }) => {
      const me = await admit(await registration.register(await who(), body, asked.visit), asked);
      // Whoever was a guest is no longer one.
      asked.cookies.forget('guest');
      return { me };
    },
    logIn: async ({ body, ...asked }) => ({
      me: await admit(await loginService.logIn(body, asked.visit), asked),
    }),
    logOut: async ({ credentials, visit, cookies }) => {
      await loginService.logOut(credentials.logIn, visit);
      cookies.forget('logIn');
      return {};
    },
    askReset: async ({ body, visit }) => {
      await passwordReset.ask(body.email, visit);
      return {};
    },
    reset: async ({ body, visit, cookies }) => {
      await passwordReset.reset(body.token, body.password, visit);
      cookies.forget('logIn');
      return {};
    },
    changePassword: async ({ who, body, visit }) => {
      await passwordChange.change(who, body, visit);
      return {};
    },
  };
}
