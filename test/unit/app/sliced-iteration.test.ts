import { SlicedIteration } from '../../../src/app/ports/sliced-iteration';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a few items are handled at once, many in slices, with turns for other tasks in between', async () => {
  const round = new SlicedIteration(2);
  const seen: number[] = [];
  round.run([1, 2], (one) => seen.push(one));
  expect(seen).toEqual([1, 2]);
  await turn();
  expect(round.isRunning).toBe(false);
  round.run([3, 4, 5], (one) => seen.push(one));
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(round.isRunning).toBe(true);
  round.run([9], (one) => seen.push(one));
  await turn();
  await turn();
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(round.isRunning).toBe(false);
});

test('of a live collection removed items are left out and added ones are handled', async () => {
  const round = new SlicedIteration(1);
  const peers = new Map([
    ['anna', 1],
    ['ben', 2],
  ]);
  const seen: string[] = [];
  round.run(peers.keys(), (one) => seen.push(one));
  peers.delete('ben');
  peers.set('cleo', 3);
  for (let i = 0; i < 4; i += 1) await turn();
  expect(seen).toEqual(['anna', 'cleo']);
});

test('no item is handled once it is closed', async () => {
  const round = new SlicedIteration(1);
  const seen: number[] = [];
  round.run([1, 2, 3], (one) => seen.push(one));
  round.close();
  for (let i = 0; i < 3; i += 1) await turn();
  expect(seen).toEqual([1]);
  expect(round.isRunning).toBe(false);
});
