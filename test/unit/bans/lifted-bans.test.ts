import { LiftedBans } from '../../../src/app/bans/lifted-bans';
import { BannedError } from '../../../src/domain/banned-error';
import type { Ban } from '../../../src/domain/bans';
import { banScene, MemoryBanStore } from '../../support/bans';
import { settle } from '../../support/manual-clock';

const ADA = { users: ['ada'] };

/** What the store finds reaches nobody until the returned function is called, whatever happens meanwhile. */
function holdAnswers(store: MemoryBanStore): () => void {
  const answer = store.holding.bind(store);
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  store.holding = async (now, page) => {
    const found = await answer(now, page);
    await gate;
    return found;
  };
  return go;
}

test('R6 a node that missed the lifting of a ban reads it from the records that it shares', async () => {
  const { clock, node, ban } = banScene();
  const store = new MemoryBanStore();
  const [a, b] = [await node('a', store), await node('b', store)];
  await a.bans.impose(ban('one'));
  await a.bans.impose(ban('two', { subjects: [{ kind: 'user', mark: 'ben' }] }));
  await clock.advance(0);
  expect([a.bans.size, b.bans.size]).toEqual([2, 2]);
  a.bus.isCut = true;
  await a.bans.lift('one');
  store.bans.delete('two');
  await clock.advance(15_000);
  expect([a.bans.size, b.bans.size]).toEqual([0, 0]);
});

test('R6 a ban that came while the records answered is not taken for one that is gone', async () => {
  const { node, ban } = banScene();
  const { store, bans } = await node('a');
  const go = holdAnswers(store);
  const reading = bans.read();
  await settle();
  await bans.impose(ban('one'));
  go();
  await reading;
  expect(bans.size).toBe(1);
});

test('R6 records that answer late do not bring back a ban that was lifted meanwhile', async () => {
  const { node, ban } = banScene();
  const { store, bans } = await node('a');
  await bans.impose(ban('one'));
  const go = holdAnswers(store);
  const reading = bans.read();
  await settle();
  await bans.lift('one');
  go();
  await reading;
  expect(bans.about(ADA)).toEqual([]);
});

test('R6 nodes with records of their own: a node that missed the lifting brings the ban back to nobody', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  await a.bans.impose(ban('one'));
  await clock.advance(0);
  a.bus.isCut = true;
  await a.bans.lift('one');
  await clock.advance(0);
  expect([a.bans.size, b.bans.size]).toEqual([0, 1]);
  // This node extends the ban, and tells it to all, since it knows nothing of the lifting.
  expect(() => b.bans.check({ users: ['ada'], device: 'd' })).toThrow(BannedError);
  await clock.advance(0);
  expect(a.bans.size).toBe(0);
  expect(a.store.bans.get('one')?.liftedAt).not.toBeNull();
  // Whoever is back, or has joined, hears of it.
  a.bus.isCut = false;
  a.restore();
  await clock.advance(0);
  expect(b.bans.size).toBe(0);
  expect(b.store.bans.get('one')?.liftedAt).not.toBeNull();
});

test('R6 a node that joins is told which bans were lifted', async () => {
  const { clock, node, ban } = banScene();
  const a = await node('a');
  await a.bans.impose(ban('one'));
  await a.bans.lift('one');
  const store = new MemoryBanStore();
  await store.put(ban('one'));
  const b = await node('b', store);
  await clock.advance(5_000);
  await b.bans.read();
  expect([b.bans.size, store.bans.get('one')?.liftedAt === null]).toEqual([0, false]);
});

test('R6 a ban that follows its user is not revived by them when the records say that it was lifted', async () => {
  const { clock, node, ban } = banScene();
  const { store, bans } = await node('a');
  await bans.impose(ban('one'));
  await store.lift('one', clock.now());
  expect(() => bans.check({ users: ['ada'], device: 'd' })).toThrow(BannedError);
  await settle();
  expect([bans.size, store.bans.get('one')?.subjects.length]).toEqual([0, 1]);
  bans.check({ users: ['ada'], device: 'd' });
});

test('R6 a ban that was imposed while the bus was away is told when it is back', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  a.bus.isCut = true;
  await a.bans.impose(ban('one'));
  await clock.advance(1_000);
  expect(b.bans.size).toBe(0);
  a.bus.isCut = false;
  a.restore();
  await clock.advance(0);
  expect([b.bans.size, b.store.bans.size]).toEqual([1, 1]);
});

test('R6 a ban of another node that the records could not keep holds, and is kept when they are back', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  b.store.isAway = true;
  await a.bans.impose(ban('one'));
  await clock.advance(1_000);
  b.store.isAway = false;
  await clock.advance(15_000);
  expect([b.bans.size, b.store.bans.size, b.errors]).toEqual([1, 1, []]);
});

test('R6 nodes with records of their own: whoever missed a lifting is told of it by a node that has restarted since', async () => {
  const { clock, node, ban } = banScene();
  const [ofA, ofB] = [new MemoryBanStore(), new MemoryBanStore()];
  await ofA.put(ban('one', { liftedAt: clock.now() }));
  await ofB.put(ban('one'));
  const a = await node('a', ofA);
  await a.bans.read();
  const b = await node('b', ofB);
  await b.bans.read();
  await clock.advance(5_000);
  expect([a.bans.size, b.bans.size, ofB.bans.get('one')?.liftedAt === null]).toEqual([0, 0, false]);
});

test('R6 a node that tells of a ban which another one knows to be lifted hears so, however long ago that was', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  // The records alone know of it, as of a lifting that is not among those which are remembered.
  await a.store.put(ban('one', { liftedAt: clock.now() }));
  await b.bans.impose(ban('one'));
  await clock.advance(0);
  expect([a.bans.size, b.bans.size, b.store.bans.get('one')?.liftedAt === null]).toEqual([0, 0, false]);
});

test('R6 a lifting that the records could not keep is kept when they are back', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  await a.bans.impose(ban('one'));
  await clock.advance(0);
  b.store.isAway = true;
  await a.bans.lift('one');
  await clock.advance(0);
  b.store.isAway = false;
  await clock.advance(15_000);
  expect([b.bans.size, b.store.bans.get('one')?.liftedAt === null]).toEqual([0, false]);
});

test('R6 of lifted bans the newest are remembered', () => {
  const lifted = new LiftedBans();
  for (let n = 0; n <= 1000; n += 1) lifted.add({ id: `ban ${n}`, at: n });
  expect([lifted.has('ban 0'), lifted.has('ban 1'), lifted.has('ban 1000')]).toEqual([false, true, true]);
  expect(lifted.all()).toHaveLength(1000);
});

test('R6 a ban that is known and kept is not written again each time a node tells it', async () => {
  const { clock, node, ban } = banScene();
  const [a, b] = [await node('a'), await node('b')];
  const one: Ban = ban('one');
  await a.bans.impose(one);
  await clock.advance(0);
  a.restore();
  await clock.advance(0);
  expect([b.bans.size, b.store.puts]).toEqual([1, 1]);
});
