import type { Accounts } from '../../app/accounts';
import type { EndpointHandlers } from './types';

/** The devices where the caller is logged in. */
export const deviceHandlers = ({
  devices,
}: Pick<Accounts, 'devices'>): Pick<EndpointHandlers, 'devices' | 'logOutDevice' | 'logOutOthers'> => ({
  devices: async ({ caller }) => ({ devices: await devices.list(caller.identity) }),
  logOutDevice: async ({ caller, params, client, cookies }) => {
    await devices.logOut(caller.identity, params.deviceId, client);
    if (params.deviceId === caller.identity.logInId) cookies.forget('logIn');
    return {};
  },
  logOutOthers: async ({ caller, client }) => {
    await devices.logOutOthers(caller.identity, client);
    return {};
  },
});
