import type { Privacy } from '../../app/privacy';
import type { EndpointHandlers } from './types';

/** Export and erasure of what is kept about a user. */
export const privacyHandlers = (privacy: Privacy): Pick<EndpointHandlers, 'export' | 'erase'> => ({
  export: ({ caller, client }) => privacy.export.make(caller.identity, client),
  erase: async ({ caller, body, client, cookies }) => {
    const reply = await privacy.erasure.erase(caller.identity, body.password, client);
    cookies.forget('logIn', 'guest');
    return reply;
  },
});
