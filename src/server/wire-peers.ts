import { isSelected } from '../domain/users';
import type { Accounts } from '../app/accounts';
import { AccountEventRelay } from '../app/accounts/account-event-relay';
import type { AccountEvents } from '../app/accounts/account-events';
import type { Guests } from '../app/accounts/guests';
import type { Calls } from '../app/calls/calls';
import type { CallRouter } from '../app/calls/router';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import { GuestPresence } from '../app/peers/guest-presence';
import { Handshake, type Arrivals, type GreetingPace, type PeerDirectory } from '../app/peers/handshake';
import type { Peer } from '../app/peers/peer';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Plans } from '../app/plans/plans';
import type { UsageMemory } from '../app/plans/usage-memory';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Adapters } from './adapters';

export interface WirePeersDeps {
  readonly adapters: Adapters;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly directory: PeerDirectory;
  readonly accounts: Accounts;
  readonly admission: Guests;
  readonly plans: Plans;
  readonly usageMemory: UsageMemory;
  readonly router: CallRouter;
  readonly arrivals: Arrivals;
  readonly pace: GreetingPace;
  readonly messenger: NodeMessenger;
  readonly reportError: ErrorReporter;
}

/** The handshake, the presence of guests, and the effects of account events on peers. */
export function wirePeers(deps: WirePeersDeps) {
  const { adapters, peers, directory, accounts, admission, plans, router, messenger, reportError } = deps;
  const { arrivals, pace } = deps;
  const { clock, guests } = adapters;
  const { identities, accountEvents, eventsOfAllNodes, latelyBlocked } = accounts;
  const handshake = new Handshake({
    ...{ arrivals, pace, directory, peers, identities, admission, plans, latelyBlocked },
  });
  eventsOfAllNodes.on(accountEffects(deps, handshake));
  new AccountEventRelay({ accountEvents, apply: eventsOfAllNodes, messenger, clock });
  const presence = new GuestPresence({ peers, guests, partners: router, clock, reportError });
  return { handshake, presence };
}

/** Applies account events of all nodes at once to the peers who are here with that account. */
function accountEffects(
  { adapters, peers, calls, router, usageMemory, reportError }: WirePeersDeps,
  handshake: Handshake,
): AccountEvents {
  const { subscriptions } = adapters.records;
  const signOutIf = (userId: string, isMeant: (peer: Peer) => boolean): void => {
    handshake.identityRevoked(userId);
    for (const peer of peers.windowsOf(userId)) if (isMeant(peer)) peers.signOut(peer);
  };
  return {
    loggedOut: (userId, logIns) =>
      signOutIf(userId, ({ identity: { logInId } }) => isSelected(logIns, logInId)),
    erased: (userId) => {
      signOutIf(userId, () => true);
      calls.erased(userId);
      usageMemory.forget(userId);
    },
    // Every window comes back as the account. Until then what it does would belong to neither guest nor account.
    becameAccount: (userId) => {
      signOutIf(userId, () => true);
      subscriptions.keepForGood(userId).catch((error: unknown) => {
        reportError(error, 'the minutes of a guest who became an account may be forgotten');
      });
    },
    renamed: (userId, name) => {
      for (const peer of peers.windowsOf(userId)) peer.identity = { ...peer.identity, name };
    },
    blocked: (userId, otherId) => {
      // A handshake may have read the user's blocks before.
      handshake.identityRevoked(userId);
      for (const peer of peers.windowsOf(userId)) {
        peer.block(otherId);
        router.leaveBlocked(peer).catch((error: unknown) => {
          reportError(error, 'a call with a blocked user could not be left');
        });
      }
    },
    unblocked: (userId, otherId) => {
      for (const peer of peers.windowsOf(userId)) if (peer.blocked.delete(otherId)) peer.changed();
    },
  };
}
