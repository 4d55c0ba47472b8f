import type { Privacy } from '../../app/privacy';
import type { Handlers } from './handlers';

/** What is kept of a person, shown and erased. */
export const privacyHandlers = (privacy: Privacy): Pick<Handlers, 'export' | 'erase'> => ({
  export: ({ who, visit }) => privacy.export.make(who, visit),
  erase: async ({ who, body, visit, cookies }) => {
    const reply = await privacy.erasure.erase(who, body.password, visit);
    cookies.forget('logIn', 'guest');
    return reply;
  },
});
