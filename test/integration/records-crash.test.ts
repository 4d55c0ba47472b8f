import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import { SpooledOutbox } from '../../src/records/outbox/spooled-outbox';
import type { RecordStore } from '../../src/records/store/record-store';
import { describeWithMongo, TestDatabase } from '../support/mongo';
import { missingOf } from '../support/numbered-records';
import { bundleRecordWriter, RecordWriter } from '../support/record-writer-process';
import { silent } from '../support/records';

const ROUNDS = 10;
const WRITES = 2_000;

/** Kills a process at a random moment of its writes, and looks for everything that it had acknowledged. */
async function killedWhileWriting(folder: string, open: () => Promise<RecordStore>, mongodbUri?: string) {
  const kept: number[] = [];
  let rounds = 0;
  for (; rounds < ROUNDS; rounds++) {
    const from = rounds * WRITES;
    const writer = new RecordWriter({
      folder,
      from,
      count: WRITES,
      ...(mongodbUri === undefined ? {} : { mongodbUri }),
    });
    await writer.writing();
    await wait(Math.random() * 400);
    await writer.kill();
    kept.push(...writer.kept);
    const store = await open();
    const outbox = await SpooledOutbox.open({
      store,
      folder: path.join(folder, 'outbox'),
      clock: systemClock,
      log: silent,
    });
    expect(await outbox.drained(10_000)).toBe(true);
    expect(outbox.state()).toEqual({ spooled: 0, buffered: 0, lost: 0, rejected: 0, oldestMs: 0 });
    expect(await missingOf(kept, store)).toEqual([]);
    await outbox.close();
    await store.close();
  }
  return { rounds, kept: kept.length };
}

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'passerby-crash-'));
  folders.push(folder);
  return folder;
};
beforeAll(bundleRecordWriter);
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test('O5 [O5.1] SIGKILL during 2,000 writes, ten times: the embedded store has all that was acknowledged', async () => {
  const folder = await newFolder();
  const open = () =>
    EmbeddedStore.open({ folder: path.join(folder, 'records'), clock: systemClock, log: silent });
  const { rounds, kept } = await killedWhileWriting(folder, open);
  expect(rounds).toBe(ROUNDS);
  expect(kept).toBeGreaterThan(ROUNDS * 10);
});

describeWithMongo('with MongoDB', () => {
  const database = new TestDatabase();
  afterAll(async () => database.drop());

  test('O5 SIGKILL during 2,000 writes, ten times: MongoDB and the spool have all that was acknowledged', async () => {
    const open = async () => {
      const store = new MongoStore({ uri: database.uri, clock: systemClock, log: silent });
      await store.reached();
      return store;
    };
    const { rounds, kept } = await killedWhileWriting(await newFolder(), open, database.uri);
    expect(rounds).toBe(ROUNDS);
    expect(kept).toBeGreaterThan(ROUNDS * 10);
  });
});
