import { Sender } from '../../../src/redis/liveness/sender';
import { TroubleOnce } from '../../../src/redis/liveness/trouble-once';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
afterEach(() => jest.useRealTimers());

function scene() {
  const told: string[] = [];
  const trouble = new TroubleOnce((error) => told.push(error.message));
  const signs = { since: 1, sent: 0, failure: undefined as Error | undefined };
  const sender = new Sender({
    self: 'one',
    now: () => Date.now(),
    onLapse: () => told.push('lapse'),
    onSent: () => trouble.over(),
    onFailed: (error) => trouble.met(error),
    signs: {
      send: () => {
        if (signs.failure !== undefined) return Promise.reject(signs.failure);
        signs.sent += 1;
        return Promise.resolve(signs.since);
      },
    },
  });
  return { sender, signs, told, pass: (ms: number) => jest.advanceTimersByTimeAsync(ms) };
}

test('M9 the signs of a node that does not say it is well stop after fifteen seconds, and go on when it does', async () => {
  const { sender, signs, pass } = scene();
  await pass(10_000);
  sender.running();
  await pass(14_000);
  const before = signs.sent;
  expect(before).toBeGreaterThan(90);
  await pass(2_000);
  const stopped = signs.sent;
  await pass(60_000);
  expect(signs.sent).toBe(stopped);
  sender.running();
  await pass(1_000);
  expect(signs.sent).toBeGreaterThan(stopped);
  sender.close();
});

test('M9 a trouble with the store is told once, and a second one again', async () => {
  const { sender, signs, told, pass } = scene();
  await pass(1_000);
  signs.failure = new Error('no answer');
  await pass(3_000);
  expect(told).toEqual(['no answer']);
  signs.failure = undefined;
  await pass(500);
  signs.failure = new Error('away');
  await pass(3_000);
  expect(told).toEqual(['no answer', 'away']);
  sender.close();
});

test('M9 a gap that the store saw is told', async () => {
  const { sender, signs, told, pass } = scene();
  await pass(1_000);
  signs.since = 2;
  await pass(1_000);
  expect(told).toEqual(['lapse']);
  sender.close();
});
