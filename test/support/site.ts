import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import express from 'express';
import pino from 'pino';
import { buildAccounts } from '../../src/app/accounts';
import type { LoginThrottleLimits } from '../../src/app/accounts/login-throttle';
import { Guests } from '../../src/app/accounts/guests';
import { UsageMemory } from '../../src/app/plans/usage-memory';
import { Plans } from '../../src/app/plans/plans';
import { buildPrivacy } from '../../src/app/privacy';
import { PepperedAddressHasher } from '../../src/crypto/address-hasher';
import { Argon2Passwords, type PasswordCost } from '../../src/crypto/argon2-passwords';
import { deriveKeys } from '../../src/crypto/derived-keys';
import { openSecret } from '../../src/disk/secrets';
import { DEFAULT_PLANS, planCatalogue } from '../../src/domain/plans';
import { SessionCookieAuthenticator } from '../../src/http/auth/session-cookies';
import { CookieJar } from '../../src/http/cookies';
import { answerErrors, notFound } from '../../src/http/errors';
import { apiHandlers } from '../../src/http/handlers';
import { endpointRouter } from '../../src/http/routing/router';
import type { MailTransport, MailError, MailMessage } from '../../src/mail/mail-transport';
import { MailQueue } from '../../src/mail/mail-queue';
import { MemoryGuestStore } from '../../src/memory/guest-store';
import { MemoryThrottle } from '../../src/memory/throttle';
import { API, type ApiInput } from '../../src/protocol';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import {
  auditModel,
  banModel,
  billingEventModel,
  callModel,
  logInModel,
  passwordResetModel,
  pendingRegistrationModel,
  reportModel,
  subscriptionModel,
  userModel,
} from '../../src/records/models';
import { SpooledOutbox } from '../../src/records/outbox/spooled-outbox';
import { RecordedAuditLog } from '../../src/records/repositories/audit-log';
import { RecordedBlocks } from '../../src/records/repositories/blocks';
import { RecordedLogIns } from '../../src/records/repositories/log-ins';
import { RecordedPasswordResets } from '../../src/records/repositories/password-resets';
import { RecordedPendingRegistrations } from '../../src/records/repositories/pending-registrations';
import { RecordedPersonalRecords } from '../../src/records/repositories/personal-records';
import { RecordedSubscriptions } from '../../src/records/repositories/subscriptions';
import { RecordedUsers } from '../../src/records/repositories/users';
import { withDomainErrors } from '../../src/records/store/domain-errors';
import { ApiBrowser } from './api-browser';
import { signUp, tokenTo, type Mails } from './sign-up';
import { ShiftingClock } from './shifting-clock';
import { SwitchedStore } from './switched-store';

export interface SiteOptions {
  readonly limits?: LoginThrottleLimits;
  readonly minimumAge?: number;
  readonly passwordCost?: PasswordCost;
  /** Runs while an erasure waits for pending writes. */
  readonly settled?: () => Promise<boolean>;
  /** Replaces the request to the billing provider by which an erasure ends a subscription. */
  readonly endBilling?: (userId: string) => Promise<void>;
}

/** Tests that are not about limits must not run into them; tests about limits use the real ones. */
export const NO_LIMITS: LoginThrottleLimits = {
  logIn: {},
  register: {},
  confirmAccount: {},
  askReset: {},
  useReset: {},
  proveSelf: {},
  export: {},
};
/** Argon2id still, but quick. */
const QUICK: PasswordCost = { memoryCost: 1024, timeCost: 1, parallelism: 1 };

/** Keeps the mails that were sent. */
class Mailbox implements MailTransport, Mails {
  readonly mails: MailMessage[] = [];
  failure: MailError | undefined;

  send(letter: MailMessage): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.mails.push(letter);
    return Promise.resolve();
  }

  tidy(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    // Nothing is held open.
  }

  to(address: string): Promise<string[]> {
    const found = this.mails.filter((mail) => mail.to.address === address);
    return Promise.resolve(found.map(({ text }) => text));
  }

  /** The newest mail to an address. Waits for it, since mails are sent in the background. */
  async newest(address: string): Promise<MailMessage> {
    for (let tries = 0; tries < 200; tries++) {
      const found = this.mails.findLast(({ to }) => to.address === address);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('no mail came');
  }

  resetToken(address: string): Promise<string> {
    return tokenTo(this, address, 'reset');
  }
}

export type Site = Awaited<ReturnType<typeof openSite>>;

/** The HTTP API for browsers over records in its own folder, without media and matching. */
export async function openSite(options: SiteOptions = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'passerby-test-'));
  const lines: string[] = [];
  const log = pino(
    { level: 'trace' },
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const reportError = (error: unknown, message: string): void => log.error({ err: error }, message);
  const clock = new ShiftingClock();
  const store = new SwitchedStore(
    await EmbeddedStore.open({ folder: path.join(folder, 'records'), clock, log }),
  );
  const outbox = await SpooledOutbox.open({ store, folder: path.join(folder, 'outbox'), clock, log });
  const keys = deriveKeys(await openSecret(folder));
  const mailbox = new Mailbox();
  const mailer = new MailQueue({
    carrier: mailbox,
    publicUrl: 'https://passerby.example',
    clock,
    reportError,
  });
  const guests = new MemoryGuestStore();
  const jar = new CookieJar(keys.cookieKey);
  const collections = collectionsOf(store);
  const built = await buildUseCases(options, { clock, outbox, mailer, guests, collections, reportError });

  const app = express();
  app.set('trust proxy', ['loopback']);
  app.use(
    endpointRouter(API, apiHandlers(built), {
      authenticators: [new SessionCookieAuthenticator(built.accounts.identities, jar)],
      jar,
      addresses: new PepperedAddressHasher(keys.addressPepper),
      allowedOrigins: ['https://allowed.example'],
    }),
  );
  app.use(notFound);
  app.use(answerErrors(reportError));
  const http = createServer(app);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const admission = new Guests(guests, new RecordedUsers(collections.users), clock);
  return {
    ...built,
    url,
    folder,
    clock,
    store,
    outbox,
    collections,
    mailbox,
    guests,
    jar,
    log,
    /** Everything that was logged so far. */
    logged: () => lines.join(''),
    /** A browser that has never been here. */
    browser: (headers: Record<string, string> = {}) => new ApiBrowser(url, headers),
    /** Registers and confirms the account; the browser is logged in. */
    signUp: (browser: ApiBrowser, body: ApiInput<'register'>) => signUp(browser, mailbox, body),
    /** A browser that is a guest, as after the socket's upgrade and its `hello`. */
    guest: async (headers: Record<string, string> = {}) => {
      const browser = new ApiBrowser(url, headers);
      const { session, cookie } = jar.newGuest(false);
      browser.take([cookie]);
      const identity = await admission.admit(session, true);
      if (identity === null) throw new Error('a new session has an identity');
      return { browser, session, identity };
    },
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await mailer.close();
      store.isAway = false;
      await outbox.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const collectionsOf = (store: SwitchedStore) => ({
  users: withDomainErrors(store.collection(userModel)),
  logIns: withDomainErrors(store.collection(logInModel)),
  bans: withDomainErrors(store.collection(banModel)),
  registrations: withDomainErrors(store.collection(pendingRegistrationModel)),
  resets: withDomainErrors(store.collection(passwordResetModel)),
  calls: withDomainErrors(store.collection(callModel)),
  reports: withDomainErrors(store.collection(reportModel)),
  audit: withDomainErrors(store.collection(auditModel)),
  subscriptions: withDomainErrors(store.collection(subscriptionModel)),
  events: withDomainErrors(store.collection(billingEventModel)),
});

interface Parts {
  readonly clock: ShiftingClock;
  readonly outbox: SpooledOutbox;
  readonly mailer: MailQueue;
  readonly guests: MemoryGuestStore;
  readonly collections: ReturnType<typeof collectionsOf>;
  readonly reportError: (error: unknown, words: string) => void;
}

async function buildUseCases(options: SiteOptions, parts: Parts) {
  const { clock, outbox, collections, reportError } = parts;
  const users = new RecordedUsers(collections.users);
  const logIns = new RecordedLogIns(collections.logIns);
  const registrations = new RecordedPendingRegistrations(collections.registrations);
  const resets = new RecordedPasswordResets(collections.resets);
  const passwords = await Argon2Passwords.open(options.passwordCost ?? QUICK);
  const accounts = buildAccounts({
    blockJournal: new RecordedBlocks(outbox),
    ...parts,
    users,
    logIns,
    registrations,
    resets,
    passwords,
    throttle: new MemoryThrottle(clock),
    audit: new RecordedAuditLog(outbox, reportError),
    minimumAge: options.minimumAge ?? 18,
    limits: options.limits ?? NO_LIMITS,
  });
  const subscriptions = new RecordedSubscriptions({
    ...collections,
    outbox,
    basePlanId: 'free',
    reportError,
  });
  const plans = new Plans({
    catalogue: planCatalogue(DEFAULT_PLANS),
    subscriptions,
    billing: null,
    clock,
    peers: { get: () => undefined },
    lines: { limit: () => undefined },
    memory: new UsageMemory(clock),
    isAccount: async (userId) => (await users.get(userId))?.isAnonymous === false,
    reportError,
  });
  const privacy = buildPrivacy({
    ...accounts,
    ...parts,
    users,
    logIns,
    registrations,
    resets,
    subscriptions,
    records: new RecordedPersonalRecords(collections),
    endBilling: options.endBilling ?? ((userId) => plans.endFor(userId)),
    settled: options.settled ?? (() => outbox.drained(2_000)),
  });
  return {
    accounts,
    privacy,
    users,
    logIns,
    passwords,
    plans,
  };
}
