import path from 'node:path';
import type { Logger } from 'pino';
import { AnswerLimit } from '../app/ports/answer-limit';
import type { Clock } from '../app/ports/clock';
import { ConfigError, type Config } from '../config';
import { DiskWatch, writesIn } from '../disk/disk-watch';
import { planCatalogue } from '../domain/plans';
import { EmbeddedStore } from '../records/embedded/embedded-store';
import { faultOfUri } from '../records/mongo/mongo-connection';
import { MongoStore } from '../records/mongo/mongo-store';
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
} from '../records/models';
import { SpooledOutbox } from '../records/outbox/spooled-outbox';
import { RecordedCallJournal } from '../records/repositories/call-journal';
import { RecordedReports } from '../records/repositories/reports';
import { RecordedSubscriptions } from '../records/repositories/subscriptions';
import { withDomainErrors } from '../records/store/domain-errors';
import type { RecordStore } from '../records/store/record-store';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { RecordsHealth } from '../app/ports/records-health';
import { bringUpToDate, sayWhatIsDue } from './migrations';

export interface RecordsDeps {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly reportError: ErrorReporter;
}

/** How long an orderly stop waits for what is still to be written; the rest stays on the spool for the next start. */
const DRAIN_MS = 3_000;
/** For reads that a greeting waits for. Whoever waits is let in with what is known, or told. */
const PROMPT = { limitMs: 600, pauseMs: 1_000 };
/** For everything else. A store that hangs shows in its health before; this is for the requests that wait there already. */
const PATIENT = { limitMs: 10_000, pauseMs: 0 };

/** The records of this node: in MongoDB where the operator names one, else in a folder. */
export async function openRecords(config: Config, { nodeId, clock, log, reportError }: RecordsDeps) {
  const { store, stopAsking } = await openStore(config, clock, log);
  const outbox = await SpooledOutbox.open({
    store,
    folder: path.join(config.storage.dataDir, 'outbox'),
    clock,
    log,
  });
  const disk = new DiskWatch({ tryOut: writesIn(config.storage.dataDir), clock, log });
  const isEmbedded = config.records.mongodbUri === undefined;
  const collections = collectionsOf(store, new AnswerLimit(clock, PATIENT));
  const promptCollections = promptCollectionsOf(config, store, clock);
  return {
    collections,
    promptCollections,
    outbox,
    store,
    journal: new RecordedCallJournal({
      calls: collections.calls,
      outbox,
      nodeId,
      region: config.cluster.region,
      startedAt: clock.now(),
      reportError,
    }),
    reports: new RecordedReports(outbox),
    subscriptions: new RecordedSubscriptions({
      // A greeting reads it by this.
      subscriptions: { ...collections.subscriptions, get: (id) => promptCollections.subscriptions.get(id) },
      events: collections.events,
      outbox,
      basePlanId: planCatalogue(config.billing.plans).base.id,
      reportError,
    }),
    health: (): RecordsHealth => ({
      // The embedded store is on this disk.
      store: disk.isDown && isEmbedded ? 'down' : store.health(),
      disk: disk.isDown ? 'down' : 'up',
      ...outbox.state(),
    }),
    close: async () => {
      stopAsking();
      await disk.close();
      await outbox.drained(DRAIN_MS);
      await outbox.close();
      await store.close();
    },
  };
}

function collectionsOf(store: RecordStore, limit: AnswerLimit) {
  return {
    users: withDomainErrors(store.collection(userModel), limit),
    logIns: withDomainErrors(store.collection(logInModel), limit),
    registrations: withDomainErrors(store.collection(pendingRegistrationModel), limit),
    resets: withDomainErrors(store.collection(passwordResetModel), limit),
    calls: withDomainErrors(store.collection(callModel), limit),
    reports: withDomainErrors(store.collection(reportModel), limit),
    bans: withDomainErrors(store.collection(banModel), limit),
    audit: withDomainErrors(store.collection(auditModel), limit),
    subscriptions: withDomainErrors(store.collection(subscriptionModel), limit),
    events: withDomainErrors(store.collection(billingEventModel), limit),
  };
}

/**
 * What a greeting reads. The embedded store reads its memory, which never hangs: a limit would only count against a late
 * event loop.
 */
function promptCollectionsOf({ records }: Config, store: RecordStore, clock: Clock) {
  const limit = records.mongodbUri === undefined ? undefined : new AnswerLimit(clock, PROMPT);
  return {
    users: withDomainErrors(store.collection(userModel), limit),
    logIns: withDomainErrors(store.collection(logInModel), limit),
    subscriptions: withDomainErrors(store.collection(subscriptionModel), limit),
    bans: withDomainErrors(store.collection(banModel), limit),
  };
}

export type Records = Awaited<ReturnType<typeof openRecords>>;

interface OpenedStore {
  readonly store: RecordStore;
  readonly stopAsking: () => void;
}

async function openStore({ records, storage }: Config, clock: Clock, log: Logger): Promise<OpenedStore> {
  const { mongodbUri } = records;
  const { dataDir } = storage;
  if (mongodbUri !== undefined) {
    const fault = faultOfUri(mongodbUri);
    if (fault !== undefined)
      throw new ConfigError([`MONGODB_URI: the driver of MongoDB refuses it: ${fault}`]);
    const store = new MongoStore({ uri: mongodbUri, clock, log });
    return { store, stopAsking: sayWhatIsDue({ store, clock, log }) };
  }
  const store = await EmbeddedStore.open({ folder: path.join(dataDir, 'records'), clock, log });
  try {
    await bringUpToDate({ store, dataDir, clock, log });
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, stopAsking: () => undefined };
}
