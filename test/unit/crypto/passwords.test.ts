import { Argon2Passwords } from '../../../src/crypto/argon2-passwords';
import { BoundedQueue } from '../../../src/crypto/bounded-queue';
import { settle } from '../../support/manual-clock';

const cost = { memoryCost: 1024, timeCost: 1, parallelism: 1 };

test('A2 a password fits only its own hash, and no password fits without a hash', async () => {
  const passwords = await Argon2Passwords.open(cost);
  const hash = await passwords.hash('correct horse');
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await passwords.hash('correct horse')).not.toBe(hash);
  expect(await passwords.verify(hash, 'correct horse')).toBe(true);
  expect(await passwords.verify(hash, 'Correct horse')).toBe(false);
  expect(await passwords.verify(null, 'correct horse')).toBe(false);
  expect(await passwords.verify(null, '')).toBe(false);
});

test('A2 a hash of another kind or cost is outdated', async () => {
  const passwords = await Argon2Passwords.open(cost);
  const dearer = await Argon2Passwords.open({ ...cost, timeCost: 2 });
  const hash = await passwords.hash('correct horse');
  expect([passwords.isOutdated(hash), dearer.isOutdated(hash)]).toEqual([false, true]);
  expect(await dearer.verify(hash, 'correct horse')).toBe(true);
  expect(passwords.isOutdated(hash.replace('$argon2id$', '$argon2i$'))).toBe(true);
});

test('A2 never more at once than allowed, in order, and further ones are rejected at once', async () => {
  const queue = new BoundedQueue(2, 3);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const ends: (() => void)[] = [];
  const task = (n: number) => async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    order.push(n);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
    if (n === 1) throw new Error('one that fails gives its turn on as well');
  };
  const results = Promise.allSettled(Array.from({ length: 7 }, (_, n) => queue.run(task(n))));
  for (let n = 0; n < 5; n++) {
    await settle();
    ends[n]?.();
  }
  const outcome = await results;
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(outcome.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  expect(outcome[6]).toMatchObject({ reason: { code: 'rate_limited', retryAfterMs: expect.any(Number) } });
  // Room again.
  const again = queue.run(() => Promise.resolve('done'));
  expect(await again).toBe('done');
});
