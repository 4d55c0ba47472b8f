import { Drain } from '../../../src/app/cluster/drain';
import { ManualClock } from '../../support/manual-clock';

function scene() {
  const clock = new ManualClock();
  const moves: boolean[] = [];
  const drain = new Drain({
    flag: { isDraining: false },
    membership: {
      beat: () => undefined,
      others: () => [{ draining: false, workers: 1, role: 'all' }],
    } as never,
    stages: [{ needs: 'gateways', move: (isForced) => void moves.push(isForced) }],
    remaining: () => ({ peers: 1, lines: 0, calls: 0 }),
    clock,
  });
  return { clock, drain, moves };
}

test('V9 at its limit a drain moves peers with whatever they are doing, and ends 2 s later', async () => {
  const { clock, drain, moves } = scene();
  let isDone = false;
  void drain.finish(5_000).then(() => (isDone = true));
  await clock.advance(4_900);
  expect(new Set(moves)).toEqual(new Set([false]));
  await clock.advance(300);
  expect(moves.at(-1)).toBe(true);
  expect(isDone).toBe(false);
  await clock.advance(2_000);
  expect(isDone).toBe(true);
});

test('V9 a drain that was cancelled leaves no limit behind: the next one begins unforced', async () => {
  const { clock, drain, moves } = scene();
  void drain.finish(5_000);
  await clock.advance(6_000);
  expect(moves.at(-1)).toBe(true);
  drain.cancel();
  expect(clock.pending).toBe(0);
  drain.begin();
  await clock.advance(300);
  expect(moves.at(-1)).toBe(false);
  drain.close();
});
