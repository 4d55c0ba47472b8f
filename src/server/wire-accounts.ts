import { buildAccounts, type Accounts } from '../app/accounts';
import type { AccountEvents } from '../app/accounts/account-events';
import type { Calls } from '../app/calls/calls';
import { relayAccountEvents } from '../app/accounts/account-event-relay';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import { Handshake, type PeerDirectory } from '../app/peers/handshake';
import { Guests } from '../app/accounts/guests';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Peer } from '../app/peers/peer';
import { BillingDesk } from '../app/plans/billing-desk';
import { Plans } from '../app/plans/plans';
import { UsageMemory } from '../app/plans/usage-memory';
import { buildPrivacy } from '../app/privacy';
import type { MediaPlane } from '../app/lines/media-plane';
import type { Subscriptions } from '../app/plans/ports/subscriptions';
import type { CountedCall, Users } from '../app/accounts/ports/users';
import type { Clock } from '../app/ports/clock';
import type { Config } from '../config';
import { Argon2Passwords } from '../crypto/argon2-passwords';
import { planCatalogue, type Subscription } from '../domain/plans';
import { RecordedAuditLog } from '../records/repositories/audit-log';
import { RecordedLogIns } from '../records/repositories/log-ins';
import { RecordedPasswordResets } from '../records/repositories/password-resets';
import { RecordedPersonalRecords } from '../records/repositories/personal-records';
import { RecordedUsers } from '../records/repositories/users';
import type { Adapters } from './adapters';
import type { ErrorReporter } from './error-reporter';

/** How long an erasure waits for what is still being written about the person. */
const SETTLE_MS = 5_000;

export interface AccountParts extends Adapters {
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  /** People on other nodes. */
  readonly peerDirectory: PeerDirectory;
  readonly messenger: NodeMessenger;
  readonly media: MediaPlane;
  readonly reportError: ErrorReporter;
}

/** Who people are beyond a visit, what their plan allows, and what they may ask of us about their records. */
export async function wireAccounts(config: Config, parts: AccountParts) {
  const { clock, guests, peers, records, mailer, reportError } = parts;
  const { collections, outbox, subscriptions } = records;
  const kept = {
    guests,
    users: new RecordedUsers(collections.users),
    logIns: new RecordedLogIns(collections.logIns),
    resets: new RecordedPasswordResets(collections.resets),
  };
  const accounts = buildAccounts({
    ...kept,
    passwords: await Argon2Passwords.open(),
    throttle: parts.throttle,
    mailer,
    audit: new RecordedAuditLog(outbox, reportError),
    clock,
    minimumAge: config.minimumAge,
    reportError,
  });
  const { plans, ...billing } = wirePlans(config, parts, kept.users);
  const privacy = buildPrivacy({
    ...accounts,
    ...kept,
    subscriptions,
    clock,
    records: new RecordedPersonalRecords(collections),
    endBilling: (userId) => plans.endFor(userId),
    settled: () => outbox.drained(SETTLE_MS),
  });
  const handshake = new Handshake({
    ...{ directory: parts.peerDirectory, peers, identities: accounts.identities, plans },
    admission: new Guests(guests, kept.users, clock),
  });
  followNews({ ...parts, ...billing, accounts, handshake, subscriptions });
  return {
    accounts,
    handshake,
    privacy,
    plans,
    ...billing,
    blocks: accounts.blocks,
    countCall: (peer: Peer, count: CountedCall): void => {
      accounts.callCounter
        .countCall(peer.identity, count)
        .catch((error: unknown) => reportError(error, 'a call could not be counted'));
    },
  };
}

function wirePlans(
  config: Config,
  { peers, billing, clock, records, media, reportError }: AccountParts,
  users: Pick<Users, 'get'>,
) {
  const { subscriptions } = records;
  const memory = new UsageMemory();
  const plans = new Plans({
    catalogue: planCatalogue(config.plans),
    subscriptions,
    billing,
    clock,
    present: (userId) => peers.get(userId)?.allowance,
    limit: (userId, maxKbps) => media.limit(userId, maxKbps),
    memory,
    isAccount: async (userId) => (await users.get(userId))?.isAnonymous === false,
    reportError,
  });
  const changed = (subscription: Subscription): void => void plans.told(subscription);
  const billingDesk =
    billing === null ? null : new BillingDesk({ subscriptions, provider: billing, clock, changed });
  return { plans, billingDesk, usageMemory: memory };
}

/** What happens to an account is felt by whoever is here with it, and by what is kept of them. */
function followNews(followers: NewsFollowers): void {
  const { accounts, peers, calls, handshake, subscriptions, usageMemory, reportError } = followers;
  const dismissIf = (userId: string, isMeant: (peer: Peer) => boolean): void => {
    handshake.identityRevoked(userId);
    const peer = peers.get(userId);
    if (peer !== undefined && isMeant(peer)) peers.signOut(peer);
  };
  const feel: AccountEvents = {
    loggedOut: (userId, logInIds) =>
      dismissIf(userId, ({ identity: { logInId } }) =>
        logInIds === 'all' ? true : logInId !== null && logInIds.includes(logInId),
      ),
    erased: (userId) => {
      for (const { id, identity } of [...peers.all()]) {
        if (id === userId || identity.windowOf === userId) dismissIf(id, () => true);
      }
      handshake.identityRevoked(userId);
      calls.erased(userId);
      usageMemory.forget(userId);
    },
    // Their page comes back as the account; until then nothing they do belongs to anybody.
    becameAccount: (userId) => {
      dismissIf(userId, () => true);
      const message = 'the minutes of a guest who became an account may be forgotten';
      subscriptions.keepForGood(userId).catch((error: unknown) => reportError(error, message));
    },
    renamed: (userId, name) => {
      const peer = peers.get(userId);
      if (peer !== undefined) peer.identity = { ...peer.identity, name };
    },
    unblocked: (userId, otherId) => void peers.get(userId)?.blocked.delete(otherId),
  };
  accounts.accountEvents.on(feel);
  relayAccountEvents(accounts.accountEvents, followers.messenger, feel, followers.clock);
}

interface NewsFollowers {
  readonly clock: Clock;
  readonly messenger: NodeMessenger;
  readonly accounts: Accounts;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly handshake: Handshake;
  readonly subscriptions: Subscriptions;
  readonly usageMemory: UsageMemory;
  readonly reportError: ErrorReporter;
}
