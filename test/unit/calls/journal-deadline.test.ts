import { readInTime } from '../../../src/app/calls/journal-deadline';
import { ManualClock } from '../../support/manual-clock';

test('R1 S8 what the journal answers in time is passed on, an error too, and no timer is left behind', async () => {
  const clock = new ManualClock();
  expect(await readInTime(Promise.resolve('read'), clock)).toBe('read');
  await expect(readInTime(Promise.reject(new Error('away')), clock)).rejects.toThrow('away');
  expect(clock.pending).toBe(0);
});

test('R1 S8 a journal that hangs is waited for a second and no longer', async () => {
  const clock = new ManualClock();
  const settled: unknown[] = [];
  void readInTime(new Promise(() => undefined), clock).then((read) => settled.push(read));
  await clock.advance(999);
  expect(settled).toEqual([]);
  await clock.advance(1);
  expect(settled).toEqual([null]);
});
