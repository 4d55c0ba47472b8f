import { buildAccounts, type Accounts } from '../app/accounts';
import type { AccountEvents } from '../app/accounts/events';
import type { Calls } from '../app/calls/calls';
import { relayNews } from '../app/cluster/news-relay';
import type { Switchboard } from '../app/cluster/switchboard';
import { Greeting, type FindsSeats } from '../app/people/greeting';
import { Guests } from '../app/people/guests';
import type { People } from '../app/people/people';
import type { Person } from '../app/people/person';
import { BillingDesk } from '../app/plans/billing-desk';
import { Plans } from '../app/plans/plans';
import { UsageMemory } from '../app/plans/usage-memory';
import { buildPrivacy } from '../app/privacy';
import type { MediaPlane } from '../app/ports/media-plane';
import type { Subscriptions } from '../app/ports/subscriptions';
import type { CountedCall, Users } from '../app/ports/users';
import type { Clock } from '../app/ports/clock';
import type { Config } from '../config';
import { Argon2Passwords } from '../crypto/argon2-passwords';
import { planCatalogue, type Subscription } from '../domain/plans';
import { planHandlers } from '../http/api/plans';
import { RecordedAuditLog } from '../records/repositories/audit-log';
import { RecordedLogIns } from '../records/repositories/log-ins';
import { RecordedPasswordResets } from '../records/repositories/password-resets';
import { RecordedPersonalRecords } from '../records/repositories/personal-records';
import { RecordedUsers } from '../records/repositories/users';
import type { Adapters } from './adapters';
import type { Fault } from './fault';

/** How long an erasure waits for what is still being written about the person. */
const SETTLE_MS = 5_000;

export interface AccountParts extends Adapters {
  readonly people: People;
  readonly calls: Calls;
  /** People on other nodes. */
  readonly seats: FindsSeats;
  readonly switchboard: Switchboard;
  readonly media: MediaPlane;
  readonly fault: Fault;
}

/** Who people are beyond a visit, what their plan allows, and what they may ask of us about their records. */
export async function wireAccounts(config: Config, parts: AccountParts) {
  const { clock, guests, people, records, mailer, fault } = parts;
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
    audit: new RecordedAuditLog(outbox, fault),
    clock,
    minimumAge: config.minimumAge,
    fault,
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
  const greeting = new Greeting({
    ...{ seats: parts.seats, people, identities: accounts.identities, plans },
    admission: new Guests(guests, kept.users, clock),
  });
  followNews({ ...parts, ...billing, accounts, greeting, subscriptions });
  return {
    accounts,
    greeting,
    privacy,
    plans,
    ...billing,
    blocks: accounts.blocks,
    planOf: (userId: string) => plans.stateOf(userId),
    planHandlers: planHandlers(plans, accounts),
    countCall: (person: Person, count: CountedCall): void => {
      accounts.callCounter
        .countCall(person.identity, count)
        .catch((error: unknown) => fault(error, 'a call could not be counted'));
    },
  };
}

function wirePlans(
  config: Config,
  { people, billing, clock, records, media, fault }: AccountParts,
  users: Pick<Users, 'get'>,
) {
  const { subscriptions } = records;
  const memory = new UsageMemory();
  const plans = new Plans({
    catalogue: planCatalogue(config.plans),
    subscriptions,
    billing,
    clock,
    present: (userId) => people.get(userId)?.allowance,
    limit: (userId, maxKbps) => media.limit(userId, maxKbps),
    memory,
    isAccount: async (userId) => (await users.get(userId))?.isAnonymous === false,
    fault,
  });
  const changed = (subscription: Subscription): void => void plans.told(subscription);
  const billingDesk =
    billing === null ? null : new BillingDesk({ subscriptions, provider: billing, clock, changed });
  return { plans, billingDesk, usageMemory: memory };
}

/** What happens to an account is felt by whoever is here with it, and by what is kept of them. */
function followNews(followers: NewsFollowers): void {
  const { accounts, people, calls, greeting, subscriptions, usageMemory, fault } = followers;
  const dismissIf = (userId: string, isMeant: (person: Person) => boolean): void => {
    greeting.revoked(userId);
    const person = people.get(userId);
    if (person !== undefined && isMeant(person)) people.dismiss(person);
  };
  const feel: AccountEvents = {
    loggedOut: (userId, logInIds) =>
      dismissIf(userId, ({ identity: { logInId } }) =>
        logInIds === 'all' ? true : logInId !== null && logInIds.includes(logInId),
      ),
    erased: (userId) => {
      for (const { id, identity } of [...people.all()]) {
        if (id === userId || identity.windowOf === userId) dismissIf(id, () => true);
      }
      greeting.revoked(userId);
      calls.erased(userId);
      usageMemory.forget(userId);
    },
    // Their page comes back as the account; until then nothing they do belongs to anybody.
    becameAccount: (userId) => {
      dismissIf(userId, () => true);
      const words = 'the minutes of a guest who became an account may be forgotten';
      subscriptions.keepForGood(userId).catch((error: unknown) => fault(error, words));
    },
    renamed: (userId, name) => {
      const person = people.get(userId);
      if (person !== undefined) person.identity = { ...person.identity, name };
    },
    unblocked: (userId, otherId) => void people.get(userId)?.blocked.delete(otherId),
  };
  accounts.news.on(feel);
  relayNews(accounts.news, followers.switchboard, feel, followers.clock);
}

interface NewsFollowers {
  readonly clock: Clock;
  readonly switchboard: Switchboard;
  readonly accounts: Accounts;
  readonly people: People;
  readonly calls: Calls;
  readonly greeting: Greeting;
  readonly subscriptions: Subscriptions;
  readonly usageMemory: UsageMemory;
  readonly fault: Fault;
}
