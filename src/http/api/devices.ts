import type { Accounts } from '../../app/accounts';
import type { Handlers } from './handlers';

/** Where one is logged in. */
export const deviceHandlers = ({
  devices,
}: Pick<Accounts, 'devices'>): Pick<Handlers, 'devices' | 'logOutDevice' | 'logOutOthers'> => ({
  devices: async ({ who }) => ({ devices: await devices.list(who) }),
  logOutDevice: async ({ who, at, visit, cookies }) => {
    await devices.logOut(who, at.deviceId, visit);
    if (at.deviceId === who.logInId) cookies.forget('logIn');
    return {};
  },
  logOutOthers: async ({ who, visit }) => {
    await devices.logOutOthers(who, visit);
    return {};
  },
});
