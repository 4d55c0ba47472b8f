import { Drain, type DrainRemainder } from '../../../src/app/cluster/drain';
import { ManualClock } from '../../support/manual-clock';

const OTHER = { draining: false, workers: 1, role: 'all' };

function scene(
  left: () => DrainRemainder = () => ({ peers: 1, lines: 0, calls: 0 }),
  others = [OTHER],
  fault?: Error,
) {
  const errors: unknown[] = [];
  const clock = new ManualClock();
  const moves: boolean[] = [];
  let lines = 0;
  const drain = new Drain({
    flag: { isDraining: false },
    membership: {
      beat: () => undefined,
      others: () => others,
    } as never,
    stages: [
      {
        needs: 'gateways',
        move: (isForced) => {
          if (fault !== undefined) throw fault;
          moves.push(isForced);
        },
      },
      { needs: 'media', move: () => void (lines += 1) },
    ],
    remaining: left,
    clock,
    reportError: (error) => void errors.push(error),
  });
  return { clock, drain, moves, errors, linesMoved: () => lines };
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

const NOTHING: DrainRemainder = { peers: 0, lines: 0, calls: 0 };

test.each(['peers', 'lines', 'calls'] as const)(
  'V9 a drain goes on while only %s are left, and ends at the first step without',
  async (kind) => {
    let left: DrainRemainder = { ...NOTHING, [kind]: 1 };
    const { clock, drain } = scene(() => left);
    let isDone = false;
    void drain.finish(60_000).then(() => (isDone = true));
    await clock.advance(10_000);
    expect(isDone).toBe(false);
    left = NOTHING;
    await clock.advance(100);
    expect(isDone).toBe(true);
    drain.close();
  },
);

test.each([
  ['no other node', []],
  ['only nodes that drain as well', [{ ...OTHER, draining: true }]],
])('V9 with %s there is nowhere to go: nothing moves, and the drain ends at once', async (_, others) => {
  const { clock, drain, moves, linesMoved } = scene(undefined, others);
  let isDone = false;
  void drain.finish(60_000).then(() => (isDone = true));
  await clock.advance(0);
  expect([isDone, moves, linesMoved()]).toEqual([true, [], 0]);
  drain.close();
});

test.each([
  ['a gateway without media workers', { ...OTHER, workers: 0, role: 'gateway' }, [true, false]],
  ['a node for media alone', { ...OTHER, role: 'media' }, [false, true]],
])('V9 to %s only what it has room for moves', async (_, other, [peers, lines]) => {
  const { clock, drain, moves, linesMoved } = scene(undefined, [other]);
  drain.begin();
  await clock.advance(100);
  expect([moves.length > 0, linesMoved() > 0]).toEqual([peers, lines]);
  drain.close();
});

test('V9 a stage with a fault is reported once, and keeps neither the others from moving nor the drain from its end', async () => {
  const fault = new Error('a fault of ours');
  const { clock, drain, errors, linesMoved } = scene(undefined, [OTHER], fault);
  let isDone = false;
  void drain.finish(1_000).then(() => (isDone = true));
  await clock.advance(900);
  expect([errors, linesMoved() > 5, isDone]).toEqual([[fault], true, false]);
  await clock.advance(2_100);
  expect(isDone).toBe(true);
  drain.close();
});
