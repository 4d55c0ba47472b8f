import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { backup } from '../../src/records/maintenance/backup';
import { runBackup } from '../../src/records/maintenance/commands';
import { restore } from '../../src/records/maintenance/restore';
import { MIGRATIONS, Migrator, type MigrationContext } from '../../src/records/migrations';
import {
  auditModel,
  callModel,
  migrationModel,
  MODELS,
  reportModel,
  userModel,
} from '../../src/records/models';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import { Spool } from '../../src/records/outbox/spool';
import type { Identified, Model, RecordStore } from '../../src/records/store/record-store';
import { describeWithMongo, TestDatabase } from '../support/mongo';
import { AT, call, message, report, silent, user } from '../support/records';

let root: string;
let store: RecordStore;
const stores: RecordStore[] = [];
const clock = systemClock;
const say = (): void => undefined;

const openEmbedded = async (name: string): Promise<RecordStore> => {
  const opened = await EmbeddedStore.open({ folder: path.join(root, name), clock, log: silent });
  stores.push(opened);
  return opened;
};
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'passerby-maintenance-'));
  store = await openEmbedded('records');
});
afterEach(async () => {
  for (const one of stores.splice(0)) await one.close();
  await rm(root, { recursive: true, force: true });
});

const everything = async (of: RecordStore): Promise<Record<string, Identified[]>> =>
  Object.fromEntries(
    await Promise.all(
      MODELS.map(async (model) => {
        const collection = of.collection(model as unknown as Model<Identified>);
        return [model.collection, await collection.find({}, { sort: { _id: 1 } })] as const;
      }),
    ),
  );

async function fill(of: RecordStore): Promise<void> {
  await of
    .collection(userModel)
    .insert(user('anna', { username: 'naïve 音楽 \u{1F3B5}', interests: ['$set', 'a.b'] }));
  await of
    .collection(userModel)
    .insert(user('ben', { country: 'DE', isAnonymous: false, emailKey: 'b@example.com' }));
  // A field that is missing has to be missing afterwards too.
  await of
    .collection(userModel)
    .update({ _id: 'ben' }, { $unset: { country: true, 'preferences.mode': true } });
  await of
    .collection(callModel)
    .insert(call('c', { messages: [message('1'), message('2', { content: '\n"\\' })] }));
  // More than a page of what a backup reads at once.
  await Promise.all(
    Array.from({ length: 1_100 }, (_, at) => of.collection(reportModel).insert(report(`r${at}`))),
  );
  await of.collection(auditModel).insert({
    _id: 'a',
    action: 'tried',
    timestamp: AT,
    expiresAt: new Date(Date.now() + 1e9),
    metadata: { zahl: 0.1, nichts: null, ja: false },
  });
}

describe('backup and restore', () => {
  const file = () => path.join(root, 'backup.jsonl');
  const take = (from: RecordStore, target = file()) => backup({ store: from, target, clock, say });
  const bring = (to: RecordStore, options: { replace?: boolean; isDryRun?: boolean } = {}) =>
    restore({ store: to, file: file(), replace: false, isDryRun: false, clock, say, ...options });

  test('T4 brings back exactly what there was', async () => {
    await fill(store);
    const { counts } = await take(store);
    expect(counts).toMatchObject({ users: 2, reports: 1_100, videosessions: 1, auditentries: 1, bans: 0 });
    const other = await openEmbedded('other');
    await bring(other);
    expect(await everything(other)).toEqual(await everything(store));
    expect(await other.collection(userModel).get('ben')).not.toHaveProperty('country');
  });

  test('T4 names the file itself in a folder, and never writes over one', async () => {
    const folder = path.join(root, 'backups');
    await mkdir(folder);
    const made = await take(store, folder);
    expect(path.basename(made.file)).toMatch(/^passerby-records-\d{8}T\d{6}Z\.jsonl$/);
    expect(await readdir(folder)).toEqual([path.basename(made.file)]);
    await expect(take(store, made.file)).rejects.toThrow('exists already');
    await expect(take(store, path.join(root, 'nowhere', 'x'))).rejects.toThrow('There is no folder');
  });

  test.each<[string, (text: string) => string]>([
    ['a record changed', (text) => text.replace('"spam"', '"scam"')],
    ['a record gone', (text) => text.replace(/\{"collection":"reports".*\n/, '')],
    ['its end cut off', (text) => text.slice(0, -20)],
    ['its last line gone', (text) => text.replace(/\{"sha256".*\n/, '')],
    ['something behind its end', (text) => `${text}{}\n`],
    ['a broken line', (text) => text.replace('{"collection":"reports"', '{"collection":"rep')],
    ['another version', (text) => text.replace('"version":1', '"version":2')],
    ['nothing in it', () => ''],
  ])('T4 rejects a backup with %s, and changes nothing', async (_what, spoil) => {
    await store.collection(reportModel).insert(report('1'));
    await take(store);
    await writeFile(file(), spoil(await readFile(file(), 'utf8')));
    const other = await openEmbedded('other');
    await other.collection(userModel).insert(user('there'));
    const before = await everything(other);
    await expect(bring(other, { replace: true })).rejects.toThrow(/backup/);
    expect(await everything(other)).toEqual(before);
  });

  test('T4 takes the place of what is there only when told to, and nothing in a dry run', async () => {
    await store.collection(reportModel).insert(report('1'));
    await take(store);
    const other = await openEmbedded('other');
    await other.collection(userModel).insert(user('there'));
    const before = await everything(other);
    await expect(bring(other)).rejects.toThrow(/1 records already.*--replace/);
    await bring(other, { replace: true, isDryRun: true });
    expect(await everything(other)).toEqual(before);
    await bring(other, { replace: true });
    expect(await everything(other)).toEqual(await everything(store));
  });

  describeWithMongo('with MongoDB', () => {
    const database = new TestDatabase();
    afterAll(async () => database.drop());

    test('T4 goes from a folder to MongoDB and back again exactly', async () => {
      await fill(store);
      await take(store);
      const mongo = new MongoStore({ uri: database.uri, clock, log: silent });
      stores.push(mongo);
      await mongo.reached();
      await bring(mongo, { replace: true });
      expect(await everything(mongo)).toEqual(await everything(store));
      await rm(file());
      await take(mongo);
      const other = await openEmbedded('other');
      await bring(other);
      expect(await everything(other)).toEqual(await everything(store));
    });
  });
});

describe('migrations', () => {
  const line = (id: string, changes: object = {}) =>
    `${JSON.stringify({ reportId: id, at: AT.getTime(), reporterId: `by ${id}`, reportedId: 'b', callId: 'c', callStartedAt: AT.getTime(), type: 'nudity', words: 'naïve', ...changes })}\n`;
  const old = () => path.join(root, 'reports.jsonl');
  const context = (changes: Partial<MigrationContext> = {}) => ({
    dataDir: root,
    now: AT.getTime(),
    isDryRun: false,
    progress: () => undefined,
    ...changes,
  });
  const migrate = async (to: number, changes: Partial<MigrationContext> = {}): Promise<number[]> => {
    const migrator = new Migrator(store, MIGRATIONS);
    const changed: number[] = [];
    for (const step of await migrator.stepsTo(to)) changed.push(await migrator.take(step, context(changes)));
    return changed;
  };
  const reports = () => store.collection(reportModel);

  test('T4 versions are numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('T4 version 1 takes over the report file once, records that, and goes back again', async () => {
    await writeFile(old(), line('1') + line('2', { type: 'spam' }) + '{"reportId":"torn');
    expect(await migrate(1, { isDryRun: true })).toEqual([2]);
    expect(await reports().count({})).toBe(0);
    expect(await migrate(1)).toEqual([2]);
    expect(await reports().get('1')).toMatchObject({
      reporterId: 'by 1',
      sessionId: 'c',
      reportType: 'nudity',
      severity: 'high',
      priority: 3,
      status: 'pending',
      description: 'naïve',
      createdAt: AT,
    });
    expect(await store.collection(migrationModel).find({})).toMatchObject([
      { version: 1, changed: 2, appliedAt: AT },
    ]);
    expect(await migrate(1)).toEqual([]);
    await reports().update({ _id: '1' }, { $set: { status: 'resolved' } });
    expect(await migrate(0)).toEqual([1]);
    expect((await reports().find({})).map(({ _id }) => _id)).toEqual(['1']);
    expect(await store.collection(migrationModel).count({})).toBe(0);
    expect(await migrate(1)).toEqual([2]);
    expect((await reports().get('1'))?.status).toBe('resolved');
    expect(await reports().count({})).toBe(2);
  });

  test('T4 version 1 has nothing to do where there was no such file', async () => {
    expect(await migrate(1)).toEqual([0]);
    expect(await migrate(0)).toEqual([0]);
  });

  test('T4 version 1 rejects a damaged file, and changes nothing', async () => {
    await writeFile(old(), line('1') + 'what?\n' + line('2'));
    await expect(migrate(1)).rejects.toThrow(/Line 2 of .*reports\.jsonl is no report/);
    expect(await reports().count({})).toBe(0);
    expect(await store.collection(migrationModel).count({})).toBe(0);
    await writeFile(old(), line('1', { type: 'nonsense' }));
    await expect(migrate(1)).rejects.toThrow('Line 1');
  });

  test('T4 can go on after it broke off in the middle', async () => {
    await writeFile(old(), line('1') + line('2'));
    await MIGRATIONS[0]?.up({ ...context(), store });
    await appendFile(old(), line('3'));
    await writeFile(old(), line('1') + line('2') + line('3'));
    expect(await migrate(1)).toEqual([3]);
    expect(await reports().count({})).toBe(3);
  });

  test('T4 rejects a version it does not know, and records newer than itself', async () => {
    await expect(migrate(99)).rejects.toThrow('choose one from 0');
    await store
      .collection(migrationModel)
      .insert({ _id: 'migration-99', version: 99, name: 'from the future', appliedAt: AT, changed: 0 });
    await expect(migrate(1)).rejects.toThrow('The records are in version 99');
  });
});

describe('the command', () => {
  test('T4 a backup says what still waits on the spool', async () => {
    const lines: string[] = [];
    const folder = path.join(root, 'outbox');
    await mkdir(folder);
    const waiting = await Spool.open(folder);
    await waiting.append([{ collection: 'users', filter: { _id: 'x' }, update: {}, upsert: false }]);
    await waiting.close();
    await runBackup(
      { store, dataDir: root, clock, say: (said) => lines.push(said) },
      path.join(root, 'b.jsonl'),
    );
    expect(lines.join('\n')).toContain('1 changes still wait');
  });

  const run = (args: string[], environment: Record<string, string> = {}) =>
    new Promise<{ code: unknown; output: string }>((resolve) => {
      const env = { ...process.env, DATA_DIR: path.join(root, 'data'), MONGODB_URI: '', ...environment };
      const program = path.resolve(__dirname, '../../build/server/maintenance.js');
      // One that never ends is killed with SIGKILL: it may hang where no other signal reaches it.
      const limits = { timeout: 30_000, killSignal: 'SIGKILL' } as const;
      execFile(process.execPath, [program, ...args], { env, ...limits }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
      );
    });

  test('T4 does what it is told, and says what it did', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('migrate [--to N]'),
    });
    expect(await run(['migrate'])).toMatchObject({ code: 0, output: expect.stringContaining('version 1') });
    const file = path.join(root, 'b.jsonl');
    expect(await run(['backup', file])).toMatchObject({ code: 0, output: expect.stringContaining(file) });
    expect(await run(['restore', file, '--replace', '--dry-run'])).toMatchObject({ code: 0 });
    expect(await run(['indexes'])).toMatchObject({ code: 0 });
    expect(await run(['indexes', '--dry-run'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('None of them is missing'),
    });
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux(
    'T4 a data folder that cannot be made is named, and no command hangs because of it',
    async () => {
      // Here Node's own way of making folders never returns.
      const environment = { DATA_DIR: '/proc/x/y' };
      const migrated = await run(['migrate'], environment);
      expect(migrated).toMatchObject({ code: 1, output: expect.stringContaining('DATA_DIR') });
      const dropped = await run(['rejected', '--drop'], environment);
      expect(dropped).toMatchObject({ code: 1, output: expect.stringContaining('/proc/x') });
    },
    70_000,
  );

  test('T4 ends with 2 for wrong use and 1 for what cannot be done, in words', async () => {
    for (const args of [
      [],
      ['dance'],
      ['backup'],
      ['migrate', '--to', 'x'],
      ['migrate', '--fast'],
      ['backup', 'a', 'b'],
    ])
      expect(await run(args)).toMatchObject({ code: 2, output: expect.stringContaining('Exit codes') });
    expect(await run(['migrate'], { PORT: 'x' })).toMatchObject({
      code: 2,
      output: expect.stringContaining('PORT'),
    });
    expect(await run(['restore', path.join(root, 'nothing')])).toMatchObject({ code: 1 });
    const away = await run(['migrate'], { MONGODB_URI: 'mongodb://127.0.0.1:9/x' });
    expect(away).toMatchObject({ code: 1, output: expect.stringContaining('cannot be reached') });
    const used = await EmbeddedStore.open({ folder: path.join(root, 'data', 'records'), clock, log: silent });
    stores.push(used);
    expect(await run(['migrate'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('in use by process'),
    });
  });
});
