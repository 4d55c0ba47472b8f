import type { BanDesk } from '../../app/bans/ban-desk';
import { holds, type Ban } from '../../domain/bans';
import type { BanReply } from '../endpoints/ban-schemas';
import type { EndpointHandlers } from './types';

/** What operators do about bans and holds. */
export const banHandlers = (
  desk: Pick<BanDesk, 'list' | 'about' | 'impose' | 'knowsUserOf' | 'lift'>,
): Pick<EndpointHandlers, 'bans' | 'earlierBans' | 'bansAbout' | 'imposeBan' | 'liftBan'> => ({
  bans: async () => pageOf(await desk.list(null)),
  earlierBans: async ({ params: { banId } }) => pageOf(await desk.list(banId)),
  bansAbout: async ({ params: { mark } }) => pageOf({ bans: await desk.about(mark), next: null }),
  imposeBan: async ({ body: { follows, ...order }, client }) => {
    // Asked first, because the ban puts its user out.
    const [isUserKnown, ban] = await Promise.all([
      desk.knowsUserOf(order.target),
      desk.impose({ ...order, ...(follows === undefined ? {} : { follows }) }, client),
    ]);
    return { ban: replyOf(ban), isUserKnown };
  },
  liftBan: async ({ params: { banId }, client }) => ({ ban: replyOf(await desk.lift(banId, client)) }),
});

const pageOf = ({ bans, next }: { readonly bans: readonly Ban[]; readonly next: string | null }) => ({
  bans: bans.map(replyOf),
  next,
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
