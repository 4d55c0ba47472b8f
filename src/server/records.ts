import path from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../app/ports/clock';
import { ConfigError, type Config } from '../config';
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
import { bringUpToDate, sayWhatIsDue } from './migrations';

export interface RecordsDeps {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly reportError: ErrorReporter;
}

/** How long an orderly stop waits for what is still to be written; the rest stays on the spool for the next start. */
const DRAIN_MS = 3_000;

/** The records of this node: in MongoDB where the operator names one, else in a folder. */
export async function openRecords(config: Config, { nodeId, clock, log, reportError }: RecordsDeps) {
  const { store, stopAsking } = await openStore(config, clock, log);
  const outbox = await SpooledOutbox.open({
    store,
    folder: path.join(config.storage.dataDir, 'outbox'),
    clock,
    log,
  });
  const collections = {
    users: withDomainErrors(store.collection(userModel)),
    logIns: withDomainErrors(store.collection(logInModel)),
    registrations: withDomainErrors(store.collection(pendingRegistrationModel)),
    resets: withDomainErrors(store.collection(passwordResetModel)),
    calls: withDomainErrors(store.collection(callModel)),
    reports: withDomainErrors(store.collection(reportModel)),
    bans: withDomainErrors(store.collection(banModel)),
    audit: withDomainErrors(store.collection(auditModel)),
    subscriptions: withDomainErrors(store.collection(subscriptionModel)),
    events: withDomainErrors(store.collection(billingEventModel)),
  };
  return {
    collections,
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
      subscriptions: collections.subscriptions,
      events: collections.events,
      outbox,
      basePlanId: planCatalogue(config.billing.plans).base.id,
      reportError,
    }),
    health: () => ({ store: store.health(), ...outbox.state() }),
    close: async () => {
      stopAsking();
      await outbox.drained(DRAIN_MS);
      await outbox.close();
      await store.close();
    },
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
