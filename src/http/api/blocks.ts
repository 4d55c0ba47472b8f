import type { Accounts } from '../../app/accounts';
import type { Handlers } from './handlers';

/** Whom one never wants to meet again. */
export const blockHandlers = ({
  blocks,
}: Pick<Accounts, 'blocks'>): Pick<Handlers, 'blocks' | 'unblock'> => ({
  blocks: async ({ who }) => ({ blocks: await blocks.list(who.userId) }),
  unblock: async ({ who, at }) => {
    await blocks.unblock(who.userId, at.userId);
    return {};
  },
});
