import { BanDesk } from '../../../src/app/bans/ban-desk';
import { BannedError } from '../../../src/domain/banned-error';
import { banScene, MemoryBanStore } from '../../support/bans';

const ROOM = 1000;

/** More bans that hold than there is room for in memory, each about another user. */
async function crowdedScene(count = ROOM + 200) {
  const { clock, node, ban } = banScene();
  const store = new MemoryBanStore();
  for (let n = 0; n < count; n += 1)
    store.bans.set(`ban ${n}`, ban(`ban ${n}`, { subjects: [{ kind: 'user', mark: `user ${n}` }] }));
  const a = await node('a', store, ROOM);
  await a.bans.read();
  return { ...a, clock, ban, store };
}

test('R6 of more bans than fit into memory each keeps its user out', async () => {
  const { bans, store } = await crowdedScene();
  expect(bans.size).toBe(ROOM);
  for (const id of ['user 0', 'user 600', 'user 999', `user ${ROOM + 199}`]) {
    await bans.load({ users: [id] });
    expect(() => bans.check({ users: [id] })).toThrow(BannedError);
  }
  await bans.load({ users: ['nobody'] });
  bans.check({ users: ['nobody'] });
  expect(bans.size).toBe(ROOM);
  expect(store.asked).toBe(5);
});

test('R6 while memory has all bans no store is asked about who comes', async () => {
  const { bans, store } = await crowdedScene(ROOM);
  await bans.load({ users: ['user 7'] });
  expect(() => bans.check({ users: ['user 7'] })).toThrow(BannedError);
  expect([bans.size, store.asked]).toEqual([ROOM, 0]);
});

test('R6 of more bans than fit into memory a lifted one lets its user in, whoever missed it', async () => {
  const { bans, store, clock } = await crowdedScene();
  await store.lift('ban 0', clock.now());
  await bans.load({ users: ['user 0'] });
  bans.check({ users: ['user 0'] });
});

test('R6 the ban that makes memory too small takes no other ban out of force', async () => {
  const { bans, ban } = await crowdedScene(ROOM);
  await bans.impose(ban('one more'));
  expect(bans.size).toBe(ROOM);
  for (const id of ['ada', 'user 0', 'user 1', 'user 999']) {
    await bans.load({ users: [id] });
    expect(() => bans.check({ users: [id] })).toThrow(BannedError);
  }
});

test('R6 while the records are away the bans in memory hold', async () => {
  const { bans, store, errors } = await crowdedScene();
  store.isAway = true;
  await bans.load({ users: ['user 0'] });
  expect(() => bans.check({ users: ['user 0'] })).toThrow(BannedError);
  expect(errors).toEqual([]);
});

test('R6 memory is whole again once enough bans are over', async () => {
  const { bans, store, clock } = await crowdedScene();
  for (let n = 0; n < 300; n += 1) await store.lift(`ban ${n}`, clock.now());
  // The first reading finds those that are over, the second one the room for the others.
  await bans.read();
  await bans.read();
  const asked = store.asked;
  await bans.load({ users: ['user 500'] });
  expect([bans.size, store.asked]).toEqual([ROOM - 100, asked]);
});

test('R6 every ban is listed, however many newer ones there are', async () => {
  const { bans, clock } = await crowdedScene();
  const desk = new BanDesk({ bans, clock } as never);
  const listed: string[] = [];
  for (let before: string | null = null, pages = 0; pages === 0 || before !== null; pages += 1) {
    const page = await desk.list(before);
    listed.push(...page.bans.map(({ id }) => id));
    before = page.next;
  }
  expect([listed.length, new Set(listed).size]).toEqual([ROOM + 200, ROOM + 200]);
  expect((await desk.about('user 3')).map(({ id }) => id)).toEqual(['ban 3']);
  await expect(desk.list('gone')).rejects.toMatchObject({ code: 'not_found' });
});
