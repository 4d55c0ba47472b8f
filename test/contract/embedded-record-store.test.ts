import { mkdtemp, readFile, rm, truncate, writeFile, appendFile, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { DamagedLog } from '../../src/records/embedded/record-log';
import { FolderInUse } from '../../src/records/files/folder-lock';
import { auditModel, callModel, logInModel, userModel } from '../../src/records/models';
import { StoreUnavailable } from '../../src/records/store/record-store';
import { ManualClock } from '../support/manual-clock';
import { call, logIn, message, silent, user } from '../support/records';
import { recordStoreContract } from './record-store';

describe('the embedded record store', () => {
  const folders: string[] = [];
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'passerby-records-'));
    folders.push(folder);
    return folder;
  };
  const open = (folder: string, clock = systemClock) => EmbeddedStore.open({ folder, clock, log: silent });
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  recordStoreContract(async () => open(await newFolder()));

  describe('opened again', () => {
    test('T4 finds everything as it was left', async () => {
      const folder = await newFolder();
      let store = await open(folder);
      const whole = await store.collection(callModel).insert(call('c', { messages: [message('1')] }));
      await store.collection(userModel).insert(user('gone'));
      await store
        .collection(userModel)
        .insert(user('changed', { isAnonymous: false, emailKey: 'x@example.com' }));
      await store.collection(userModel).update({ _id: 'changed' }, { $inc: { 'sessionStats.calls': 3 } });
      await store.collection(userModel).delete({ _id: 'gone' });
      await store.close();
      store = await open(folder);
      expect(await store.collection(callModel).get('c')).toEqual(whole);
      expect(await store.collection(userModel).get('gone')).toBeNull();
      expect((await store.collection(userModel).get('changed'))?.sessionStats.calls).toBe(3);
      const same = user('other', { isAnonymous: false, emailKey: 'x@example.com' });
      await expect(store.collection(userModel).insert(same)).rejects.toThrow('exists already');
      await store.close();
    });

    test('T4 cuts off a last line that was being written', async () => {
      const folder = await newFolder();
      let store = await open(folder);
      await store.collection(userModel).insert(user('kept'));
      await store.collection(userModel).insert(user('torn'));
      await store.close();
      const file = path.join(folder, 'users.log');
      await truncate(file, (await stat(file)).size - 7);
      store = await open(folder);
      expect(await store.collection(userModel).get('torn')).toBeNull();
      await store.collection(userModel).insert(user('torn'));
      await store.close();
      store = await open(folder);
      expect(await store.collection(userModel).count({})).toBe(2);
      await store.close();
    });

    test('T4 rejects a log that is damaged in the middle, changes nothing, and says what to do', async () => {
      const folder = await newFolder();
      const store = await open(folder);
      for (const id of ['a', 'b', 'c']) await store.collection(userModel).insert(user(id));
      await store.close();
      const file = path.join(folder, 'users.log');
      const whole = await readFile(file, 'utf8');
      const damaged = whole.replace('"_id":"b"', '"_id":"B"');
      await writeFile(file, damaged);
      const opening = open(folder);
      await expect(opening).rejects.toThrow(DamagedLog);
      await expect(opening).rejects.toThrow(/users\.log is damaged in line 3 .*backup/);
      expect(await readFile(file, 'utf8')).toBe(damaged);
      await writeFile(file, whole);
      await (await open(folder)).close();
    });

    test('T4 ignores a new log that was never finished', async () => {
      const folder = await newFolder();
      let store = await open(folder);
      await store.collection(userModel).insert(user('a'));
      await store.close();
      await appendFile(path.join(folder, 'users.log.new'), 'half a');
      store = await open(folder);
      expect(await store.collection(userModel).count({})).toBe(1);
      expect(await readdir(folder)).not.toContain('users.log.new');
      await store.close();
    });
  });

  test('T4 rewrites a log when it is much larger than its live records, while writes go on', async () => {
    const folder = await newFolder();
    let store = await open(folder);
    const users = store.collection(userModel);
    for (const id of ['a', 'b', 'c']) await users.insert(user(id));
    const file = path.join(folder, 'users.log');
    let largest = 0;
    for (let round = 0; round < 40; round++) {
      const writes = Array.from({ length: 100 }, (_, index) =>
        users.update({ _id: 'abc'[index % 3] }, { $inc: { 'sessionStats.calls': 1 } }),
      );
      await Promise.all(writes);
      largest = Math.max(largest, (await stat(file)).size);
    }
    await store.close();
    expect(largest).toBeGreaterThan(1 << 20);
    expect((await stat(file)).size).toBeLessThan(largest);
    store = await open(folder);
    const counted = await store.collection(userModel).find({});
    expect(counted.reduce((sum, { sessionStats }) => sum + sessionStats.calls, 0)).toBe(4000);
    await store.close();
  });

  test('G2 deletes records past their end each minute and when it is opened', async () => {
    const folder = await newFolder();
    const clock = new ManualClock();
    const ended = (id: string, ms: number) => logIn(id, { expiresAt: new Date(clock.now() + ms) });
    let store = await open(folder, clock);
    await store.collection(logInModel).insert(ended('soon', 30_000));
    await store.collection(logInModel).insert(ended('later', 120_000));
    await clock.advance(60_000);
    const file = path.join(folder, 'logins.log');
    while (!(await readFile(file, 'utf8')).includes('{"delete":"soon"}')) await wait(20);
    expect(await store.collection(logInModel).count({})).toBe(1);
    await store.close();
    await clock.advance(120_000);
    store = await open(folder, clock);
    expect(await readFile(file, 'utf8')).toContain('{"delete":"later"}');
    await store.close();
  });

  test('T4 keeps other processes out of its folder, and takes over from a process that died', async () => {
    const folder = await newFolder();
    const store = await open(folder);
    await expect(open(folder)).rejects.toThrow(FolderInUse);
    await expect(open(folder)).rejects.toThrow(/in use by process \d+\. Only one process/);
    await store.close();
    const dead = JSON.stringify({ pid: process.pid, host: (await import('node:os')).hostname(), begun: '1' });
    await writeFile(path.join(folder, 'lock'), dead);
    await (await open(folder)).close();
    await writeFile(path.join(folder, 'lock'), 'not a lock');
    await (await open(folder)).close();
    expect(await readdir(folder)).not.toContain('lock');
  });

  test('G1 only its owner may read what it keeps', async () => {
    const folder = path.join(await newFolder(), 'records');
    const store = await open(folder);
    await store.collection(auditModel).count({});
    expect((await stat(folder)).mode & 0o077).toBe(0);
    for (const name of await readdir(folder))
      expect((await stat(path.join(folder, name))).mode & 0o077).toBe(0);
    await store.close();
  });

  test('T4 after it was closed it is down and unavailable, and closing again is nothing', async () => {
    const store = await open(await newFolder());
    expect(store.health()).toBe('up');
    await store.close();
    await store.close();
    expect(store.health()).toBe('down');
    await expect(store.collection(userModel).insert(user('x'))).rejects.toThrow(StoreUnavailable);
    await expect(store.collection(userModel).get('x')).rejects.toThrow(StoreUnavailable);
  });
});
