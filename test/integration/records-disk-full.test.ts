import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { callModel, userModel } from '../../src/records/models';
import { SpooledOutbox } from '../../src/records/outbox/spooled-outbox';
import { StoreUnavailable } from '../../src/records/store/record-store';
import { ManualClock } from '../support/manual-clock';
import { missingOf } from '../support/numbered-records';
import { bundleRecordWriter, RecordWriter } from '../support/record-writer-process';
import { call, message, silent, user } from '../support/records';

const root = mkdtempSync(path.join(tmpdir(), 'passerby-full-'));
const disk = path.join(root, 'disk');

/** A small disk of its own, where this account may make one. */
function mountSmallDisk(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mkdir', ['-p', disk]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasSmallDisk = mountSmallDisk();
afterAll(() => {
  // Whatever a test that failed has left open must not keep the disk: it goes when that is closed.
  if (hasSmallDisk) execFileSync('umount', ['--lazy', disk]);
  rmSync(root, { recursive: true, force: true });
});

const testWithSmallDisk = hasSmallDisk ? test : test.skip;

/** Sums that are written until the disk takes no more: each adds 200 kB to a log on a disk of 2 MB. */
const MOST_SUMS = 500;

testWithSmallDisk(
  'O5 a full disk rejects writes, loses nothing, and the store recovers by itself when there is room',
  async () => {
    const clock = new ManualClock();
    const folder = path.join(disk, 'records');
    let store = await EmbeddedStore.open({ folder, clock, log: silent });
    const users = store.collection(userModel);
    const calls = store.collection(callModel);
    const ballast = path.join(disk, 'ballast');
    await users.insert(
      user('before', { sessionStats: { calls: 1, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 } }),
    );
    await writeFile(ballast, Buffer.alloc(1 << 20));
    const big = (id: string) =>
      call(id, {
        messages: Array.from({ length: 50 }, (_, at) => message(`${at}`, { content: 'x'.repeat(1000) })),
        expiresAt: new Date(clock.now() + 1e9),
      });
    const kept: string[] = [];
    const ended = await Promise.allSettled(
      Array.from({ length: 40 }, async (_, index) => {
        await calls.insert(big(`c${index}`));
        kept.push(`c${index}`);
      }),
    );
    const failed = ended.filter((one) => one.status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed) expect(reason).toBeInstanceOf(StoreUnavailable);
    expect(store.health()).toBe('down');
    // Memory equals the disk: no more calls, and a sum that could not be written was taken back.
    expect((await calls.find({})).map(({ _id }) => _id).sort()).toEqual([...kept].sort());
    let rejected = false;
    for (let round = 0; !rejected && round < MOST_SUMS; round++)
      rejected = await users
        .update(
          { _id: 'before' },
          { $inc: { 'sessionStats.calls': 1 }, $set: { countedCalls: ['x'.repeat(200_000)] } },
        )
        .then(
          () => false,
          () => true,
        );
    expect(rejected).toBe(true);
    const sum = (await users.get('before'))?.sessionStats.calls;
    await rm(ballast);
    await clock.advance(6_000);
    const back = Date.now() + 20_000;
    while (store.health() === 'down' && Date.now() < back) await wait(10);
    expect(store.health()).toBe('up');
    expect(
      (await users.update({ _id: 'before' }, { $inc: { 'sessionStats.calls': 1 } }))?.sessionStats.calls,
    ).toBe((sum ?? 0) + 1);
    await calls.insert(big('after'));
    await store.close();
    store = await EmbeddedStore.open({ folder, clock, log: silent });
    expect((await store.collection(callModel).find({})).map(({ _id }) => _id).sort()).toEqual(
      [...kept, 'after'].sort(),
    );
    expect((await store.collection(userModel).get('before'))?.sessionStats.calls).toBe((sum ?? 0) + 1);
    await store.close();
  },
);

test('O5 files that may grow no further: what was acknowledged is there when they may again', async () => {
  await bundleRecordWriter();
  const folder = path.join(root, 'limited');
  await mkdir(folder);
  const writer = new RecordWriter({ folder, from: 0, count: 600, fileKilobytes: 64 });
  await writer.writing();
  await wait(4_000);
  await writer.kill();
  expect(writer.kept.length).toBeGreaterThan(0);
  expect(writer.kept.length).toBeLessThan(600);
  const clock = systemClock;
  const store = await EmbeddedStore.open({ folder: path.join(folder, 'records'), clock, log: silent });
  const outbox = await SpooledOutbox.open({ store, folder: path.join(folder, 'outbox'), clock, log: silent });
  expect(await outbox.drained(10_000)).toBe(true);
  expect(await missingOf(writer.kept, store)).toEqual([]);
  await outbox.close();
  await store.close();
});
