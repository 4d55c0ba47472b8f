import type { BanDesk } from '../../app/bans/ban-desk';
import { holds, type Ban } from '../../domain/bans';
import type { BanReply } from '../endpoints/ban-schemas';
import type { EndpointHandlers } from './types';

/** What operators do about bans and holds. */
export const banHandlers = (
  desk: Pick<BanDesk, 'list' | 'impose' | 'lift'>,
): Pick<EndpointHandlers, 'bans' | 'imposeBan' | 'liftBan'> => ({
  bans: async () => ({ bans: (await desk.list()).map(({ ban }) => replyOf(ban)) }),
  imposeBan: async ({ body: { follows, ...order }, client }) => ({
    ban: replyOf(await desk.impose({ ...order, ...(follows === undefined ? {} : { follows }) }, client)),
  }),
  liftBan: async ({ params: { banId }, client }) => ({ ban: replyOf(await desk.lift(banId, client)) }),
});

const replyOf = (ban: Ban): BanReply => ({
  ...ban,
  subjects: [...ban.subjects],
  follows: [...ban.follows],
  holds: holds(ban, Date.now()),
  createdAt: new Date(ban.createdAt).toISOString(),
  endsAt: ban.endsAt === null ? null : new Date(ban.endsAt).toISOString(),
  liftedAt: ban.liftedAt === null ? null : new Date(ban.liftedAt).toISOString(),
});
