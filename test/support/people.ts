import type { Identity } from '../../src/app/accounts/identity';
import { Peer, type PeerSocket } from '../../src/app/peers/peer';
import { Allowance } from '../../src/app/plans/allowance';
import { DEFAULT_PLANS, noSubscription, planCatalogue, type Subscription } from '../../src/domain/plans';
import type { Plan, ServerMessage } from '../../src/protocol';

export const guest = (userId: string): Identity => ({
  userId,
  name: userId,
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: null,
});

/** A peer without a real socket; `sent` has the messages to it. */
export function peerWithoutSocket(
  userId: string,
  {
    plans = DEFAULT_PLANS,
    subscription = {},
  }: { plans?: readonly Plan[]; subscription?: Partial<Subscription> } = {},
): { peer: Peer; sent: ServerMessage[] } {
  const sent: ServerMessage[] = [];
  const socket: PeerSocket = { send: (message) => sent.push(message), close: () => undefined };
  const catalogue = planCatalogue(plans);
  const has = { ...noSubscription(userId, catalogue.base.id, 0), ...subscription };
  const peer = new Peer(guest(userId), new Allowance(catalogue, has), `token-${userId}`, socket, 0);
  return { peer, sent };
}
