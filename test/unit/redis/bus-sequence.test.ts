import { Sequence } from '../../../src/redis/bus/sequence';

test('V8 a message that was overtaken, or comes twice, is dropped; a missing one does not matter', () => {
  const sequence = new Sequence();
  expect([1, 2, 5, 4, 5, 6].map((number) => sequence.follows('a', number))).toEqual([
    ...[true, true, true, false, false, true],
  ]);
  expect(sequence.follows('b', 1)).toBe(true);
});

test('V8 of very many senders those silent for longest are forgotten', () => {
  const sequence = new Sequence(2);
  sequence.follows('a', 7);
  sequence.follows('b', 7);
  sequence.follows('a', 8);
  sequence.follows('c', 7);
  expect(sequence.follows('a', 8)).toBe(false);
  expect(sequence.follows('b', 1)).toBe(true);
});
