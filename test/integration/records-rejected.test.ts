import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock as clock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { FolderInUse } from '../../src/records/files/folder-lock';
import {
  dryRetryRejected,
  runDropRejected,
  runRejected,
  runRetryRejected,
} from '../../src/records/maintenance/rejected';
import { userModel } from '../../src/records/models';
import { RejectedLog, rejectionsIn } from '../../src/records/outbox/rejected-log';
import { SpooledOutbox } from '../../src/records/outbox/spooled-outbox';
import { silent, user } from '../support/records';

describe('npm run records -- rejected', () => {
  let dataDir: string;
  let store: EmbeddedStore;
  let said: string[];
  const folder = () => path.join(dataDir, 'outbox');
  const context = () => ({ store, dataDir, clock, say: (line: string) => void said.push(line) });
  const waiting = async () => (await rejectionsIn(folder(), clock)).length;

  beforeEach(async () => {
    said = [];
    dataDir = await mkdtemp(path.join(tmpdir(), 'passerby-rejected-'));
    store = await EmbeddedStore.open({ folder: path.join(dataDir, 'records'), clock, log: silent });
    await mkdir(folder());
    const rejected = await RejectedLog.open(folder(), { clock, log: silent });
    const { _id, ...fields } = user('whole', { username: 'A Private Name' });
    const change = (id: string, $set: object) => ({
      entry: { collection: 'users', filter: { _id: id }, update: { $set: { ...$set } }, upsert: true },
    });
    await rejected.keep('InvalidRecord: then', change(_id, fields));
    await rejected.keep('InvalidRecord: still', change('incomplete', { username: 'x' }));
    await rejected.keep('this line of the spool was damaged', { line: 'what is this' });
    await rejected.close();
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('T4 lists when, what and why, and the content only when it is asked for', async () => {
    await runRejected(context(), { withContent: false });
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(/^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}users {2}whole {2}InvalidRecord: then$/);
    expect(said[3]).toBe('3 changes were put aside.');
    expect(said.join('')).not.toContain('A Private Name');
    await runRejected(context(), { withContent: true });
    expect(said.join('')).toContain('A Private Name');
    expect(said.join('')).toContain('what is this');
  });

  test('T4 retries: what is taken now is put aside no longer, the rest stays', async () => {
    await dryRetryRejected(context());
    expect(said.at(-1)).toBe('3 changes would be put through the store again.');
    expect(await waiting()).toBe(3);
    await expect(runRetryRejected(context())).rejects.toThrow('Not all could be taken');
    expect(said).toContain('1 changes were taken; 2 stay put aside.');
    expect((await store.collection(userModel).get('whole'))?.username).toBe('A Private Name');
    expect(await waiting()).toBe(2);
  });

  test('T4 a store that is away takes nothing, and everything stays', async () => {
    await store.close();
    await expect(runRetryRejected(context())).rejects.toThrow('cannot be reached');
    expect(await waiting()).toBe(3);
  });

  test('T4 drops, but not in a dry run and not while a server runs', async () => {
    await runDropRejected(context(), { isDryRun: true });
    expect(await waiting()).toBe(3);
    const outbox = await SpooledOutbox.open({ store, folder: folder(), clock, log: silent });
    await expect(runDropRejected(context(), { isDryRun: false })).rejects.toThrow(FolderInUse);
    await runRejected(context(), { withContent: false });
    await outbox.close();
    await runDropRejected(context(), { isDryRun: false });
    expect(await waiting()).toBe(0);
  });
});
