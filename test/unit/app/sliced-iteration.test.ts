import { SlicedIteration } from '../../../src/app/ports/sliced-iteration';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a few are seen to at once, many a part at a time, with room for others in between', async () => {
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

test('of a live collection whoever has left is left out and whoever has come is seen to', async () => {
  const round = new SlicedIteration(1);
  const people = new Map([
    ['anna', 1],
    ['ben', 2],
  ]);
  const seen: string[] = [];
  round.run(people.keys(), (one) => seen.push(one));
  people.delete('ben');
  people.set('cleo', 3);
  for (let i = 0; i < 4; i += 1) await turn();
  expect(seen).toEqual(['anna', 'cleo']);
});

test('nobody is seen to any more once it is closed', async () => {
  const round = new SlicedIteration(1);
  const seen: number[] = [];
  round.run([1, 2, 3], (one) => seen.push(one));
  round.close();
  for (let i = 0; i < 3; i += 1) await turn();
  expect(seen).toEqual([1]);
  expect(round.isRunning).toBe(false);
});
