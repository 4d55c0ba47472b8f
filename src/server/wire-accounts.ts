import { buildAccounts, type Accounts, type AccountsDeps } from '../app/accounts';
import { Guests } from '../app/accounts/guests';
import type { LineDirectory } from '../app/lines/line-directory';
import type { PeerRegistry } from '../app/peers/peer-registry';
import { Plans } from '../app/plans/plans';
import { UsageMemory } from '../app/plans/usage-memory';
import { buildPrivacy, type Privacy } from '../app/privacy';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Config } from '../config';
import { Argon2Passwords } from '../crypto/argon2-passwords';
import { planCatalogue } from '../domain/plans';
import { RecordedAuditLog } from '../records/repositories/audit-log';
import { RecordedBlocks } from '../records/repositories/blocks';
import { RecordedLogIns } from '../records/repositories/log-ins';
import { RecordedPasswordResets } from '../records/repositories/password-resets';
import { RecordedPendingRegistrations } from '../records/repositories/pending-registrations';
import { RecordedPersonalRecords } from '../records/repositories/personal-records';
import { RecordedUsers } from '../records/repositories/users';
import type { Adapters } from './adapters';

/** How long an erasure waits for what is still being written about the user. */
const SETTLE_MS = 5_000;

export interface WireAccountsDeps {
  readonly config: Pick<Config, 'accounts' | 'billing'>;
  readonly adapters: Adapters;
  readonly peers: PeerRegistry;
  readonly lines: LineDirectory;
  readonly reportError: ErrorReporter;
}

/** Accounts and guests, plans, and the export and erasure of users' records. */
export async function wireAccounts({ config, adapters, peers, lines, reportError }: WireAccountsDeps) {
  const { clock, guests, throttle, mailer, records } = adapters;
  const { outbox, subscriptions } = records;
  const { stores, prompt } = storesOf(adapters);
  const { users, logIns, registrations, resets } = stores;
  const accounts = buildAccounts({
    users,
    logIns,
    registrations,
    resets,
    guests,
    prompt,
    blockJournal: new RecordedBlocks(outbox),
    passwords: await Argon2Passwords.open(),
    throttle,
    mailer,
    audit: new RecordedAuditLog(outbox, reportError),
    clock,
    minimumAge: config.accounts.minimumAge,
    reportError,
  });
  const usageMemory = new UsageMemory(clock);
  const plans = new Plans({
    catalogue: planCatalogue(config.billing.plans),
    subscriptions,
    billing: adapters.billing,
    clock,
    peers,
    lines,
    memory: usageMemory,
    isAccount: async (userId) => (await users.get(userId))?.isAnonymous === false,
    reportError,
  });
  return {
    accounts,
    admission: new Guests(guests, prompt.users, clock),
    plans,
    usageMemory,
    billingDesk: plans.desk,
    privacy: wirePrivacy({ adapters, accounts, stores, plans }),
  };
}

type Stores = Pick<AccountsDeps, 'guests' | 'users' | 'logIns' | 'registrations' | 'resets'>;

interface WirePrivacyDeps {
  readonly adapters: Adapters;
  readonly accounts: Accounts;
  readonly stores: Stores;
  readonly plans: Plans;
}

/** The export and erasure of what is kept about a user. */
function wirePrivacy({ adapters, accounts, stores, plans }: WirePrivacyDeps): Privacy {
  const { collections, outbox, subscriptions } = adapters.records;
  const { users, logIns, registrations, resets, guests } = stores;
  const { reauthentication, auditTrail, accountEvents, loginThrottle } = accounts;
  return buildPrivacy({
    users,
    logIns,
    registrations,
    resets,
    guests,
    subscriptions,
    records: new RecordedPersonalRecords(collections),
    reauthentication,
    loginThrottle,
    auditTrail,
    accountEvents,
    clock: adapters.clock,
    endBilling: (userId) => plans.endFor(userId),
    settled: () => outbox.drained(SETTLE_MS),
  });
}

/** `prompt`: for whoever must not wait long. */
function storesOf({ guests, records: { collections, promptCollections } }: Adapters) {
  const stores = {
    guests,
    users: new RecordedUsers(collections.users),
    logIns: new RecordedLogIns(collections.logIns),
    registrations: new RecordedPendingRegistrations(collections.registrations),
    resets: new RecordedPasswordResets(collections.resets),
  };
  const prompt = {
    users: new RecordedUsers(promptCollections.users),
    logIns: new RecordedLogIns(promptCollections.logIns),
  };
  return { stores, prompt };
}
