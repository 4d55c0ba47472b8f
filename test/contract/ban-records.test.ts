import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import { TestDatabase, describeWithMongo } from '../support/mongo';
import { banRecordsContract } from './ban-records';

const log = pino({ level: 'silent' });

describe('Bans in the embedded store', () => {
  let folder: string;
  afterAll(() => rm(folder, { recursive: true, force: true }));
  banRecordsContract(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'passerby-test-'));
    return EmbeddedStore.open({ folder, clock: systemClock, log });
  });
});

describeWithMongo('Bans in MongoDB', () => {
  const database = new TestDatabase();
  afterAll(() => database.drop());
  banRecordsContract(async () => {
    const store = new MongoStore({ uri: database.uri, clock: systemClock, log });
    await store.reached();
    return store;
  });
});
