import { Round } from '../../../src/app/round';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a few are seen to at once, many a part at a time, with room for others in between', async () => {
  const round = new Round(2);
  const seen: number[] = [];
  round.over([1, 2], (one) => seen.push(one));
  expect(seen).toEqual([1, 2]);
  await turn();
  expect(round.isGoing).toBe(false);
  round.over([3, 4, 5], (one) => seen.push(one));
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(round.isGoing).toBe(true);
  round.over([9], (one) => seen.push(one));
  await turn();
  await turn();
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(round.isGoing).toBe(false);
});

test('of a live collection whoever has left is left out and whoever has come is seen to', async () => {
  const round = new Round(1);
  const people = new Map([
    ['anna', 1],
    ['ben', 2],
  ]);
  const seen: string[] = [];
  round.over(people.keys(), (one) => seen.push(one));
  people.delete('ben');
  people.set('cleo', 3);
  for (let i = 0; i < 4; i += 1) await turn();
  expect(seen).toEqual(['anna', 'cleo']);
});

test('nobody is seen to any more once it is closed', async () => {
  const round = new Round(1);
  const seen: number[] = [];
  round.over([1, 2, 3], (one) => seen.push(one));
  round.close();
  for (let i = 0; i < 3; i += 1) await turn();
  expect(seen).toEqual([1]);
  expect(round.isGoing).toBe(false);
});
