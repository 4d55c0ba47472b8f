import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { callModel, userModel } from '../../src/records/models';
import { ManualClock } from '../support/manual-clock';
import { missingOf } from '../support/numbered-records';
import { bundleRecordWriter, RecordWriter } from '../support/record-writer-process';
import { call, message, silent, user } from '../support/records';

const HOUR_MS = 3_600_000;
/** The longest that what was deleted may stay on disk. */
const SOON_MS = 5_000;

describe('what is erased from the embedded store', () => {
  const clock = new ManualClock();
  let folder: string;
  let store: EmbeddedStore;
  const open = () => EmbeddedStore.open({ folder, clock, log: silent });
  const users = () => store.collection(userModel);
  const calls = () => store.collection(callModel);
  const known = (id: string) => {
    const email = `${id}@private.example`;
    return user(id, { isAnonymous: false, email, emailKey: email });
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'passerby-erased-'));
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const onDisk = async (): Promise<string> => {
    const names = await readdir(folder);
    // One may be exchanged between the two looks.
    const texts = names.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => ''));
    return (await Promise.all(texts)).join('');
  };
  /** Whether a text goes from every file of the folder; the clock is not moved on, but files take their time. */
  const goes = async (text: string): Promise<boolean> => {
    const until = Date.now() + 2_000;
    while ((await onDisk()).includes(text) && Date.now() < until) await wait(10);
    return !(await onDisk()).includes(text);
  };

  test('G1 [G1.1] is gone from every file some seconds after it was deleted, with what else was deleted meanwhile', async () => {
    for (const id of ['anna', 'ben', 'kept']) await users().insert(known(id));
    await users().delete({ _id: 'anna' });
    await clock.advance(SOON_MS / 5);
    await users().delete({ _id: 'ben' });
    expect(await onDisk()).toContain('anna@private.example');
    await clock.advance(SOON_MS);
    expect(await goes('anna')).toBe(true);
    expect(await goes('ben')).toBe(true);
    expect(await onDisk()).toContain('kept@private.example');
  });

  test('G1 is gone as soon when it was taken out of a record', async () => {
    const messages = [message('1', { content: 'a word to be forgotten' }), message('2', { senderId: 'ben' })];
    await calls().insert(call('c', { messages, expiresAt: new Date(clock.now() + 1e9) }));
    await calls().updateMany({ userIds: 'anna' }, { $pull: { messages: { senderId: 'anna' } } });
    await clock.advance(SOON_MS);
    expect(await goes('a word to be forgotten')).toBe(true);
    expect((await calls().get('c'))?.messages).toHaveLength(1);
  });

  test('G2 is gone when its time has come, without anybody asking', async () => {
    const ended = { messages: [message('1')], expiresAt: new Date(clock.now() + 24 * HOUR_MS) };
    await calls().insert(call('c', ended));
    await clock.advance(24 * HOUR_MS + 60_000);
    for (let at = 0; at < 50 && (await onDisk()).includes('hello'); at++) {
      await wait(20);
      await clock.advance(200);
    }
    expect(await onDisk()).not.toContain('hello');
  });

  test('G1 what a change has taken the place of is gone within the hour', async () => {
    await users().insert(known('before'));
    await users().update({ _id: 'before' }, { $set: { email: 'after@private.example', emailKey: 'new' } });
    await clock.advance(HOUR_MS / 2);
    expect(await onDisk()).toContain('before@private.example');
    await clock.advance(HOUR_MS / 2);
    expect(await goes('before@private.example')).toBe(true);
    expect(await onDisk()).toContain('after@private.example');
  });

  test('G1 is gone when the store is closed before its time', async () => {
    await users().insert(known('anna'));
    await users().delete({ _id: 'anna' });
    await store.close();
    expect(await onDisk()).not.toContain('anna');
  });

  test('G1 is gone soon after the store is opened that was left by a process that died', async () => {
    await users().insert(known('anna'));
    await users().insert(known('kept'));
    const died = await readFile(path.join(folder, 'users.log'), 'utf8');
    await users().delete({ _id: 'anna' });
    const line = (await readFile(path.join(folder, 'users.log'), 'utf8')).slice(died.length);
    await store.close();
    await rm(path.join(folder, 'users.log'));
    await writeFile(path.join(folder, 'users.log'), died + line);
    store = await open();
    expect(await goes('anna')).toBe(true);
    expect(await users().count({})).toBe(1);
  });

  test('T4 a log that cannot be written anew stays as it is, and is tried again', async () => {
    await users().insert(known('anna'));
    const inTheWay = path.join(folder, 'users.log.new');
    await mkdir(inTheWay);
    await users().delete({ _id: 'anna' });
    await clock.advance(SOON_MS);
    expect(await users().count({})).toBe(0);
    await users().insert(known('later'));
    await rm(inTheWay, { recursive: true });
    await clock.advance(2 * 60_000);
    expect(await goes('anna')).toBe(true);
    expect(await onDisk()).toContain('later@private.example');
  });

  test('T4 writes that go on while the log is written anew again and again are all there', async () => {
    await users().insert(known('sum'));
    const add = { $inc: { 'sessionStats.calls': 1 } };
    for (let round = 0; round < 30; round++) {
      await users().insert(known(`gone${round}`));
      await users().delete({ _id: `gone${round}` });
      const writes = Array.from({ length: 50 }, async (_, at) => {
        if (at === 10) await clock.advance(SOON_MS);
        await users().update({ _id: 'sum' }, add);
      });
      await Promise.all(writes);
    }
    await store.close();
    expect(await onDisk()).not.toContain('gone');
    store = await open();
    expect((await users().get('sum'))?.sessionStats.calls).toBe(1_500);
  });
});

test('O5 SIGKILL while a log is written anew at the start and written to, ten times: nothing is lost', async () => {
  await bundleRecordWriter();
  const folder = await mkdtemp(path.join(tmpdir(), 'passerby-erased-'));
  const kept: number[] = [];
  for (let round = 0; round < 10; round++) {
    // The same people each time, so that each process finds dead lines and begins by writing the log anew.
    const writer = new RecordWriter({ folder, from: 5_000 * round, count: 5_000 });
    await writer.writing();
    await wait(Math.random() * 250);
    // On a slow disk the kill waits until there is something that could be lost.
    while (writer.kept.length < 6) await wait(5);
    await writer.kill();
    kept.push(...writer.kept);
  }
  const store = await EmbeddedStore.open({
    folder: path.join(folder, 'records'),
    clock: systemClock,
    log: silent,
  });
  expect(kept.length).toBeGreaterThan(50);
  expect(await missingOf(kept, store)).toEqual([]);
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
