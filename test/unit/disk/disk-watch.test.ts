import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DiskWatch, writesIn } from '../../../src/disk/disk-watch';
import { watchDescriptors } from '../../../src/server/descriptor-watch';
import { ManualClock, settle } from '../../support/manual-clock';

function scene() {
  const clock = new ManualClock();
  const said: string[] = [];
  const tries: { end: () => void; fail: (error: Error) => void }[] = [];
  const watch = new DiskWatch({
    clock,
    tryOut: () => new Promise<void>((end, fail) => void tries.push({ end, fail })),
    log: { error: (_, message) => said.push(message), info: (message) => said.push(message) },
  });
  return { clock, said, tries, watch };
}

test('O1 a disk that does not end a write is down within 2.5 s, told once, and tried by no second write', async () => {
  const { clock, said, tries, watch } = scene();
  await clock.advance(1_000);
  tries[0]?.end();
  await clock.advance(2_500);
  expect(watch.isDown).toBe(true);
  await clock.advance(60_000);
  expect(tries).toHaveLength(2);
  expect(said).toHaveLength(1);
  tries[1]?.end();
  await settle();
  expect(watch.isDown).toBe(false);
  expect(said).toHaveLength(2);
  await watch.close();
});

test('O1 a disk that rejects writes is down until it takes one; a slow one is not', async () => {
  const { clock, tries, watch } = scene();
  await clock.advance(2_000);
  tries[0]?.end();
  await settle();
  expect(watch.isDown).toBe(false);
  await clock.advance(1_000);
  tries[1]?.fail(new Error('EROFS'));
  await settle();
  expect(watch.isDown).toBe(true);
  await clock.advance(1_000);
  tries[2]?.end();
  await settle();
  expect(watch.isDown).toBe(false);
  await watch.close();
});

test('O1 a stop does not wait for a disk that hangs', async () => {
  const { clock, tries, watch } = scene();
  await clock.advance(1_000);
  expect(tries).toHaveLength(1);
  const closed = watch.close();
  await clock.advance(500);
  await closed;
});

test('O1 a try writes one byte for its owner alone, again over the same one', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'passerby-test-'));
  await writesIn(folder)();
  await writesIn(folder)();
  const { size, mode } = await stat(path.join(folder, 'disk-check'));
  expect([size, mode & 0o777]).toEqual([1, 0o600]);
  await rm(folder, { recursive: true });
});

test('O1 while no thread is free, file descriptors are checked by one check and not by ever more', async () => {
  const clock = new ManualClock();
  let checks = 0;
  const log = { error: () => undefined, info: () => undefined };
  const watch = watchDescriptors(clock, log, () => new Promise<void>(() => void (checks += 1)));
  await clock.advance(60_000);
  expect(checks).toBe(1);
  watch.close();
});
