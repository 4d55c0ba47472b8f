import type { Accounts } from '../../app/accounts';
import type { EndpointHandlers } from './types';

/** The users whom the caller never wants to meet again. */
export const blockHandlers = ({
  blocks,
}: Pick<Accounts, 'blocks'>): Pick<EndpointHandlers, 'blocks' | 'unblock'> => ({
  blocks: async ({ caller }) => ({ blocks: await blocks.list(caller.identity.userId) }),
  unblock: async ({ caller, params }) => {
    await blocks.unblock(caller.identity.userId, params.userId);
    return {};
  },
});
