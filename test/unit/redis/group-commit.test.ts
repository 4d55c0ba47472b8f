import { GroupCommit } from '../../../src/redis/group-commit';

/** Calls that the test answers. */
function held() {
  const calls: { items: readonly number[]; answer: () => void; fail: () => void }[] = [];
  const commit = new GroupCommit<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        calls.push({
          items,
          answer: () => resolve(items.map((item) => item * 10)),
          fail: () => reject(new Error('away')),
        });
      }),
    3,
  );
  return { calls, commit };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('M7 requests of one turn go in one call, and later ones when that is answered', async () => {
  const { calls, commit } = held();
  const first = [commit.ask(1), commit.ask(2)];
  await turn();
  const later = [3, 4, 5, 6].map((item) => commit.ask(item));
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([[1, 2]]);
  calls[0]?.answer();
  expect(await Promise.all(first)).toEqual([10, 20]);
  await turn();
  expect(calls[1]?.items).toEqual([3, 4, 5]);
  calls[1]?.answer();
  await turn();
  calls[2]?.answer();
  expect(await Promise.all(later)).toEqual([30, 40, 50, 60]);
});

test('M7 a call that fails fails all its requests and no others', async () => {
  const { calls, commit } = held();
  const failing = [commit.ask(1), commit.ask(2)].map((reply) => reply.catch(() => 'failed'));
  await turn();
  const after = commit.ask(3);
  calls[0]?.fail();
  expect(await Promise.all(failing)).toEqual(['failed', 'failed']);
  await turn();
  calls[1]?.answer();
  expect(await after).toBe(30);
});

test('M7 a request that gets no answer is an error, not a success', async () => {
  const commit = new GroupCommit<number, boolean>(() => Promise.resolve([true]), 10);
  const replies = [commit.ask(1), commit.ask(2)];
  expect(await replies[0]).toBe(true);
  await expect(replies[1]).rejects.toThrow('without an answer');
});
