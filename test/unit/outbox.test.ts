import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { FolderInUse } from '../../src/records/files/folder-lock';
import { userModel } from '../../src/records/models';
import { SpooledOutbox, type OutboxOptions } from '../../src/records/outbox/spooled-outbox';
import type { Entry } from '../../src/records/store/outbox';
import {
  InvalidRecord,
  StoreUnavailable,
  type Collection,
  type Identified,
  type Model,
  type RecordStore,
  type Update,
} from '../../src/records/store/record-store';
import { ManualClock } from '../support/manual-clock';
import { silent, user } from '../support/records';

/** A store that can be away, or hang, while it keeps what it has. */
class FickleStore implements RecordStore {
  mood: 'there' | 'away' | 'hanging' = 'there';
  /** How long each update takes; they wait for each other (ms). */
  slowMs = 0;
  private turns: Promise<unknown> = Promise.resolve();
  attempts = 0;
  private resume: (() => void)[] = [];

  constructor(private readonly store: RecordStore) {}

  /** Lets hanging writes continue. */
  wake(): void {
    this.mood = 'there';
    for (const go of this.resume.splice(0)) go();
  }

  collection<R extends Identified>(model: Model<R>): Collection<R> {
    const real = this.store.collection(model);
    return {
      insert: (record) => real.insert(record),
      get: (id) => real.get(id),
      findOne: (filter, page) => real.findOne(filter, page),
      find: (filter, page) => real.find(filter, page),
      count: (filter) => real.count(filter),
      updateMany: (filter, update) => real.updateMany(filter, update),
      delete: (filter) => real.delete(filter),
      update: async (filter, update, options) => {
        this.attempts += 1;
        if (this.mood === 'away') throw new StoreUnavailable(new Error('away'));
        if (this.mood === 'hanging') await new Promise<void>((resolve) => this.resume.push(resolve));
        if (this.slowMs > 0) await (this.turns = this.turns.then(() => sleep(this.slowMs)));
        return real.update(filter, update, options);
      },
    };
  }
  health = () => this.store.health();
  missingIndexes = () => this.store.missingIndexes();
  ensureIndexes = () => this.store.ensureIndexes();
  close = () => this.store.close();
}

describe('the outbox', () => {
  let root: string;
  let store: FickleStore;
  let outbox: SpooledOutbox;
  const folder = () => path.join(root, 'outbox');
  const open = (changes: Partial<OutboxOptions> = {}) =>
    SpooledOutbox.open({ store, folder: folder(), clock: systemClock, log: silent, ...changes });
  const users = () => store.collection(userModel);
  const entry = (id: string, update: Update): Entry => ({
    collection: 'users',
    filter: { _id: id },
    update,
    upsert: true,
  });
  const named = (id: string, username: string): Entry => {
    const { _id, ...fields } = user(id, { username });
    return entry(_id, { $set: fields });
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'passerby-outbox-'));
    const records = path.join(root, 'records');
    store = new FickleStore(await EmbeddedStore.open({ folder: records, clock: systemClock, log: silent }));
    outbox = await open();
  });
  afterEach(async () => {
    store.wake();
    await outbox.close();
    await store.close();
    await rm(root, { recursive: true, force: true });
  });

  test('T4 brings what is written to the store, in order for each record', async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, at) => outbox.write(named(`u${at % 5}`, `name ${at}`))),
    );
    for (const id of [0, 1, 2, 3, 4]) expect((await users().get(`u${id}`))?.username).toBe(`name ${95 + id}`);
    expect(outbox.state()).toEqual({ spooled: 0, buffered: 0, lost: 0, rejected: 0, oldestMs: 0 });
  });

  test('T4 an entry that names no record by its id comes after all before it and before all behind it', async () => {
    const all = {
      collection: 'users',
      filter: { username: 'first' },
      update: { $set: { username: 'second' } },
      upsert: false,
    };
    await Promise.all([
      ...['a', 'b', 'c'].map((id) => outbox.write(named(id, 'first'))),
      outbox.write(all),
      outbox.write({ ...all, filter: { username: 'second' }, update: { $set: { username: 'third' } } }),
      outbox.write(entry('a', { $set: { country: 'DE' } })),
    ]);
    expect(await users().count({ username: 'third' })).toBe(1);
    expect(await users().count({ username: 'first' })).toBe(2);
    expect((await users().get('a'))?.country).toBe('DE');
  });

  test('T4 keeps entries on disk while the store is away, and applies them in order when it is back', async () => {
    store.mood = 'away';
    for (let at = 0; at < 20; at++) await outbox.write(named(`u${at % 2}`, `name ${at}`));
    expect(outbox.state()).toMatchObject({ spooled: 20, buffered: 0, lost: 0 });
    expect(await outbox.drained(50)).toBe(false);
    store.mood = 'there';
    expect(await outbox.drained(10_000)).toBe(true);
    expect((await users().get('u0'))?.username).toBe('name 18');
    expect((await users().get('u1'))?.username).toBe('name 19');
    expect((await readdir(folder())).filter((name) => name.startsWith('spool'))).toEqual([]);
  });

  test('T4 applies what a former process has left, before anything new', async () => {
    store.mood = 'away';
    for (let at = 0; at < 1200; at++) void outbox.write(named('u', `name ${at}`));
    await outbox.write(named('u', 'last of the first'));
    await outbox.close();
    outbox = await open();
    expect(outbox.state().spooled).toBe(1201);
    await outbox.write(named('u', 'newest'));
    store.mood = 'there';
    expect(await outbox.drained(20_000)).toBe(true);
    expect((await users().get('u'))?.username).toBe('newest');
  });

  test('T4 does not try a store that is away again and again without a pause', async () => {
    store.mood = 'away';
    await outbox.write(named('u', 'name'));
    const before = store.attempts;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(store.attempts - before).toBeLessThan(8);
  });

  test('T4 goes to the spool when the store hangs, and a late success undoes nothing', async () => {
    await outbox.write(named('u', 'first'));
    store.mood = 'hanging';
    const begun = Date.now();
    await outbox.write(named('u', 'second'));
    expect(Date.now() - begun).toBeLessThan(4_000);
    await outbox.write(named('u', 'third'));
    expect(await outbox.drained(300)).toBe(false);
    store.wake();
    expect(await outbox.drained(10_000)).toBe(true);
    expect((await users().get('u'))?.username).toBe('third');
  });

  test('T4 rejects what does not fit its schema at once, and keeps none of it', async () => {
    await expect(outbox.write(entry('u', { $set: { nope: 1 } }))).rejects.toThrow(InvalidRecord);
    await expect(outbox.write({ ...named('u', 'x'), collection: 'nope' })).rejects.toThrow(InvalidRecord);
    expect(outbox.state()).toEqual({ spooled: 0, buffered: 0, lost: 0, rejected: 0, oldestMs: 0 });
  });

  test('T4 puts aside what the store can never accept, and goes on with the rest', async () => {
    store.mood = 'away';
    await outbox.write(entry('incomplete', { $set: { username: 'x' } }));
    await outbox.write(named('u', 'behind it'));
    store.mood = 'there';
    expect(await outbox.drained(10_000)).toBe(true);
    expect((await users().get('u'))?.username).toBe('behind it');
    expect(outbox.state().rejected).toBe(1);
    expect(await readFile(path.join(folder(), 'rejected.log'), 'utf8')).toContain('incomplete');
    await expect(outbox.write(entry('other', { $set: { username: 'x' } }))).rejects.toThrow(InvalidRecord);
    expect(outbox.state().rejected).toBe(2);
  });

  test('T4 a damaged line of the spool is put aside, never silently dropped', async () => {
    store.mood = 'away';
    for (const id of ['a', 'b', 'c']) await outbox.write(named(id, 'name'));
    await outbox.close();
    for (const name of (await readdir(folder())).filter((one) => one.startsWith('spool'))) {
      const file = path.join(folder(), name);
      await writeFile(file, (await readFile(file, 'utf8')).replace('"_id":"b"', '"_id":"x"'));
    }
    store.mood = 'there';
    outbox = await open();
    expect(await outbox.drained(10_000)).toBe(true);
    expect(await users().count({})).toBe(2);
    expect(outbox.state().rejected).toBe(1);
    expect(await readFile(path.join(folder(), 'rejected.log'), 'utf8')).toContain('was damaged');
  });

  test('T4 when neither store nor spool accepts an entry it waits in memory, up to a limit', async () => {
    await outbox.close();
    outbox = await open({ bufferEntries: 3 });
    store.mood = 'away';
    // A folder in the place of the spool's first file: it cannot be opened for writing.
    await rm(path.join(folder(), 'spool-00000001.log'), { force: true });
    await mkdir(path.join(folder(), 'spool-00000001.log'));
    const late = outbox.write(named('a', 'name'), 300);
    await expect(late).rejects.toThrow(StoreUnavailable);
    const waiting = ['b', 'c'].map((id) => outbox.write(named(id, 'name'), 20_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(outbox.state().buffered).toBeGreaterThan(0);
    const results = await Promise.allSettled(
      ['d', 'e', 'f'].map((id) => outbox.write(named(id, 'name'), 20_000)),
    );
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
    expect(outbox.state().lost).toBeGreaterThan(0);
    store.mood = 'there';
    await Promise.all(waiting);
    expect(await outbox.drained(10_000)).toBe(true);
    expect((await users().get('a'))?.username).toBe('name');
    expect(outbox.state().buffered).toBe(0);
  });

  test('T4 a store that is slow, but gets on, is not taken for away', async () => {
    store.slowMs = 60;
    const writes = Array.from({ length: 60 }, (_, n) => outbox.write(named(`slow-${n}`, 'name')));
    await sleep(2_500);
    expect(outbox.state().spooled).toBe(0);
    store.slowMs = 0;
    await Promise.all(writes);
    expect(store.attempts).toBe(60);
  });

  test('T4 an entry waits for as long as it takes, with one alarm', async () => {
    await outbox.close();
    const errors: string[] = [];
    const clock = new ManualClock();
    const log = { ...silent, error: (_: unknown, words?: string) => void errors.push(words ?? '') };
    outbox = await open({ clock, log });
    const blocked = path.join(folder(), 'spool-00000001.log');
    await mkdir(blocked);
    store.mood = 'away';
    let outcome = 'waits';
    void outbox.write(named('patient', 'name')).then(
      () => (outcome = 'kept'),
      () => (outcome = 'rejected'),
    );
    for (let round = 0; round < 30; round++) {
      await sleep(5);
      await clock.advance(1_000);
    }
    expect(outcome).toBe('waits');
    expect(outbox.state()).toMatchObject({ buffered: 1, lost: 0 });
    expect(outbox.state().oldestMs).toBeGreaterThanOrEqual(25_000);
    expect(errors.filter((words) => words.includes('written late'))).toHaveLength(1);
    await rm(blocked, { recursive: true });
    for (let round = 0; outcome === 'waits' && round < 200; round++) {
      await sleep(5);
      await clock.advance(1_000);
    }
    expect(outcome).toBe('kept');
    expect(outbox.state()).toMatchObject({ buffered: 0, lost: 0, oldestMs: 0 });
  });

  test('T4 a stop tries again what neither store nor disk took at first', async () => {
    store.mood = 'away';
    const blocked = path.join(folder(), 'spool-00000001.log');
    await mkdir(blocked);
    const kept = outbox.write(named('last', 'name'));
    await sleep(50);
    const closed = outbox.close();
    await sleep(150);
    await rm(blocked, { recursive: true });
    await Promise.all([kept, closed]);
    expect(outbox.state()).toMatchObject({ spooled: 1, buffered: 0, lost: 0 });
  });

  test('T4 the spool is written to and read at once, and neither meets a closed file', async () => {
    await outbox.close();
    const errors: unknown[] = [];
    outbox = await open({ log: { ...silent, error: (details: unknown) => void errors.push(details) } });
    const writes: Promise<void>[] = [];
    for (let round = 0; round < 150; round++) {
      store.mood = round % 3 === 0 ? 'away' : 'there';
      writes.push(outbox.write(named(`u${round % 7}`, `name${round}`)));
      await new Promise(setImmediate);
    }
    store.mood = 'there';
    await Promise.all(writes);
    expect(await outbox.drained(10_000)).toBe(true);
    expect(errors).toEqual([]);
    expect((await users().get(`u${149 % 7}`))?.username).toBe('name149');
  });

  test('G1 once it is drained, no earlier write follows a later change, on a busy node too', async () => {
    // Away at first, so that some is on the spool, some in the buffer and some being checked.
    store.mood = 'away';
    await outbox.write(named('spooled', 'name'));
    let isBusy = true;
    const others = Array.from({ length: 20 }, async (_, at) => {
      while (isBusy) await outbox.write(named(`other${at}`, 'name'));
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    store.mood = 'there';
    for (let round = 0; round < 20; round++) {
      const id = `erased${round}`;
      const written = [1, 2, 3].map((at) => outbox.write(named(id, `name ${at}`)));
      expect(await outbox.drained(10_000)).toBe(true);
      expect(await users().delete({ _id: { $in: [id, 'spooled'] } })).toBe(round === 0 ? 2 : 1);
      await Promise.all(written);
    }
    isBusy = false;
    await Promise.all(others);
    expect(await outbox.drained(10_000)).toBe(true);
    expect(
      await users().count({
        _id: { $in: ['spooled', ...Array.from({ length: 20 }, (_, at) => `erased${at}`)] },
      }),
    ).toBe(0);
  });

  test('T4 has a folder to itself, and is closed once', async () => {
    await expect(open()).rejects.toThrow(FolderInUse);
    await outbox.close();
    await outbox.close();
    await expect(outbox.write(named('u', 'x'))).rejects.toThrow(StoreUnavailable);
  });
});
