import { LoopLateness } from '../../../src/app/overload/loop-lateness';
import { NewWork } from '../../../src/app/overload/new-work';
import type { Strain } from '../../../src/domain/pace';
import { DomainError } from '../../../src/domain/error';
import { ManualClock } from '../../support/manual-clock';

function scene(strain: () => Strain = () => ({ loopLateMs: 0, recordsOldestMs: 0 })) {
  const clock = new ManualClock();
  const newWork = new NewWork({ clock, strain, limits: { least: 10, most: 500 } });
  return { clock, newWork };
}

const LATE: Strain = { loopLateMs: 400, recordsOldestMs: 0 };

test('O5 on a late node new searches get turns further and further away, then a time to come again', async () => {
  const { clock, newWork } = scene(() => LATE);
  await clock.advance(10_000);
  expect(newWork.perSecond).toBe(10);
  const waits: number[] = [];
  let refusal: unknown;
  for (let n = 0; refusal === undefined && n < 200; n++) {
    try {
      waits.push(newWork.take('search'));
    } catch (error) {
      refusal = error;
    }
  }
  expect(waits[0]).toBe(0);
  expect(waits.length).toBeGreaterThanOrEqual(80);
  expect(waits.length).toBeLessThanOrEqual(85);
  expect(Math.max(...waits)).toBeLessThanOrEqual(8_000);
  expect(refusal).toBeInstanceOf(DomainError);
  expect(refusal).toMatchObject({ code: 'server_busy', retryAfterMs: expect.any(Number) as number });
  // The other kind of work has a line of its own, and what goes on is never refused.
  expect(newWork.take('greeting')).toBe(0);
  expect(newWork.takeSurely('search')).toBeGreaterThan(8_000);
});

test('O5 an overload leaves nothing behind: ten seconds later nobody waits', async () => {
  let strain = LATE;
  const { clock, newWork } = scene(() => strain);
  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    for (let n = 0; n < 300; n++) {
      try {
        newWork.take('search');
      } catch {
        // Told to come again.
      }
    }
  }
  strain = { loopLateMs: 0, recordsOldestMs: 0 };
  await clock.advance(10_000);
  expect(newWork.take('search')).toBe(0);
  expect(newWork.perSecond).toBe(500);
});

test('O5 whoever waits to be greeted is greeted at their turn', async () => {
  const { clock, newWork } = scene(() => LATE);
  await clock.advance(10_000);
  const greeted: number[] = [];
  for (let n = 0; n < 20; n++) void newWork.wait('greeting').then(() => greeted.push(n));
  await clock.advance(500);
  expect(greeted.length).toBeLessThan(12);
  await clock.advance(1_500);
  expect(greeted).toEqual([...Array(20).keys()]);
});

test('O5 a process that was stopped for seconds counts as late for a moment only', () => {
  let [now, look] = [0, (): void => undefined];
  const clock = {
    now: () => 0,
    elapsed: () => now,
    after: () => () => undefined,
    every: (_ms: number, task: () => void) => {
      look = task;
      return () => undefined;
    },
  };
  const loop = new LoopLateness(clock);
  const pass = (ms: number): void => {
    now += ms;
    look();
  };
  for (let n = 0; n < 50; n++) pass(100);
  expect(loop.lateMs).toBe(0);
  pass(4_100);
  expect(loop.lateMs).toBeGreaterThan(50);
  for (let n = 0; n < 10; n++) pass(100);
  expect(loop.lateMs).toBeLessThan(50);
  // Late again and again is what a busy node is.
  for (let n = 0; n < 10; n++) pass(200);
  expect(loop.lateMs).toBeGreaterThan(50);
});
