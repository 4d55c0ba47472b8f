import { respawnDelay } from '../../../src/domain/respawn';

test('V2 a process that has died once is started at once, one that dies again and again seldom', () => {
  expect([1, 2, 3, 4, 5].map(respawnDelay)).toEqual([0, 200, 400, 800, 1_600]);
  expect([10, 100, 5_000].map(respawnDelay)).toEqual([30_000, 30_000, 30_000]);
});
