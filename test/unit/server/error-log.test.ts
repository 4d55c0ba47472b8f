import { ErrorLog } from '../../../src/server/error-log';
import { ManualClock } from '../../support/manual-clock';

function scene() {
  const clock = new ManualClock();
  const lines: { times: number; message: string }[] = [];
  const log = {
    error: ({ times = 1 }: { times?: number }, message: string) => void lines.push({ times, message }),
  };
  return { clock, lines, errors: new ErrorLog(log as never, clock) };
}

test('O2 the first error of a kind is logged at once, and how many more there were after ten seconds', async () => {
  const { clock, lines, errors } = scene();
  for (let n = 0; n < 500; n += 1) errors.error(new Error('away'), 'a write failed');
  errors.error(new Error('away'), 'a read failed');
  errors.error(new Error('full'), 'a write failed');
  expect(lines.map(({ message }) => message)).toEqual(['a write failed', 'a read failed', 'a write failed']);
  await clock.advance(10_000);
  expect(lines.slice(3)).toEqual([{ times: 499, message: 'a write failed (again, in the last 10 s)' }]);
  errors.error(new Error('away'), 'a write failed');
  expect(lines).toHaveLength(5);
});

test('O2 no error is left unsaid, however many kinds there are and when the node closes', () => {
  const { lines, errors } = scene();
  for (let n = 0; n < 300; n += 1) errors.error(new Error(`kind ${n}`), 'failed');
  for (let n = 290; n < 300; n += 1) errors.error(new Error(`kind ${n}`), 'failed');
  expect(lines).toHaveLength(310);
  for (let n = 0; n < 3; n += 1) errors.error(new Error('kind 1'), 'failed');
  errors.close();
  errors.close();
  expect(lines.slice(310)).toEqual([
    { times: 3, message: 'the log ends; errors that were not logged: failed Error kind 1' },
  ]);
});
