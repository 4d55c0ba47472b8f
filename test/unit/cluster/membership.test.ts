import type { Silences } from '../../../src/app/cluster/ports/node-liveness';
import { participantsReconcile } from '../../../src/app/calls/messages';
import { MemoryBusHub } from '../../../src/memory/bus';
import { MemoryLivenessHub } from '../../../src/memory/node-liveness';
import { clusterNode, QUIET } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

async function three() {
  const [clock, hub, signs] = [new ManualClock(), new MemoryBusHub(), new MemoryLivenessHub()];
  const [a, b, c] = [
    await clusterNode('a', hub, clock, signs),
    await clusterNode('b', hub, clock, signs),
    await clusterNode('c', hub, clock, signs),
  ];
  // Longer than a node watches before it declares another one dead.
  await clock.advance(2_000);
  return { clock, hub, signs, a, b, c };
}

test('V8 nodes learn of each other, and of themselves', async () => {
  const { a, b } = await three();
  expect(
    a.membership
      .all()
      .map(({ address }) => address)
      .sort(),
  ).toEqual(['a', 'b', 'c']);
  expect(b.joined.sort()).toEqual(['a', 'c']);
});

test('M9 a silent node is marked dead within 3 s, and alive again when it has checked what it lost', async () => {
  const { clock, a, b } = await three();
  b.bus.isCut = true;
  await clock.advance(1_500);
  expect(a.died).toEqual([]);
  await clock.advance(1_000);
  expect(a.died).toEqual(['b']);
  const missed: string[] = [];
  b.membership.on({ heldUp: () => void missed.push('b') });
  b.bus.isCut = false;
  await clock.advance(5_000);
  expect(missed).not.toEqual([]);
  expect(a.died).toEqual(['b']);
  expect(a.joined.filter((node) => node === 'b')).toHaveLength(2);
  expect(a.membership.stateOf('b')).toBe('alive');
});

test('M9 a node whose messages are late is not declared dead while it gives signs of life', async () => {
  const { clock, a, b, c } = await three();
  b.bus.isMute = true;
  await clock.advance(30_000);
  expect([a.died, c.died]).toEqual([[], []]);
  expect(a.membership.stateOf('b')).toBe('alive');
  await b.liveness.close();
  await clock.advance(2_500);
  expect([a.died, c.died]).toEqual([['b'], ['b']]);
});

test.each([
  ['at once while another node has watched meanwhile', ['c'], ['b']],
  ['not before somebody has watched for long enough', ['a', 'c'], []],
])('M9 a node that stood still itself learns of a death %s', async (_, stoodStill, died) => {
  const { clock, signs, b, c } = await three();
  b.bus.isMute = true;
  await b.liveness.close();
  await clock.advance(1_500);
  const now = clock.elapsed();
  for (const node of stoodStill) signs.signs.set(node, { since: now, at: now });
  await clock.advance(900);
  expect(c.died).toEqual(died);
});

test('M9 a node whose bus is broken does not call itself well, so its signs of life stop', async () => {
  const { clock, a } = await three();
  expect(a.liveness.host?.isWell()).toBe(true);
  a.bus.isMute = true;
  await clock.advance(2_000);
  expect(a.liveness.host?.isWell()).toBe(false);
  a.bus.isMute = false;
  await clock.advance(1_000);
  expect(a.liveness.host?.isWell()).toBe(true);
});

test('M9 what is heard while the store answers is newer than the answer', async () => {
  const { clock, a, b } = await three();
  b.bus.isMute = true;
  let answer: (silences: Silences) => void = () => undefined;
  const asked = jest
    .spyOn(a.liveness, 'silences')
    .mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  await clock.advance(2_500);
  expect(asked).toHaveBeenCalled();
  b.bus.isMute = false;
  await clock.advance(500);
  answer({ watchedMs: 10_000, silentMs: () => 2_000 });
  await clock.advance(10);
  expect(a.died).toEqual([]);
});

test('M9 a live node that was declared dead is told so when it is heard, and joins again', async () => {
  const { clock, a, b } = await three();
  jest.spyOn(a.liveness, 'silences').mockResolvedValue({ watchedMs: 10_000, silentMs: () => 2_000 });
  b.bus.isMute = true;
  await clock.advance(2_500);
  expect(a.died).toEqual(['b']);
  jest.restoreAllMocks();
  b.bus.isMute = false;
  await clock.advance(1_500);
  expect(a.membership.stateOf('b')).toBe('alive');
});

test('M9 late messages of a dead node do not mark it alive', async () => {
  const { clock, hub, a, b } = await three();
  b.bus.isCut = true;
  await clock.advance(2_500);
  expect(a.died).toEqual(['b']);
  const late = (incarnation: number): string =>
    JSON.stringify({ kind: 'notification', from: 'b', name: 'heartbeat', data: { ...QUIET, incarnation } });
  hub.post('a', late(0));
  await clock.advance(10);
  expect(a.membership.stateOf('b')).toBe('dead');
  // The same message with a higher incarnation would mark it alive.
  hub.post('a', late(1));
  await clock.advance(10);
  expect(a.membership.stateOf('b')).toBe('alive');
});

test('M9 a node without a subscription is marked dead sooner', async () => {
  const { clock, a, b } = await three();
  b.bus.isCut = true;
  await b.bus.close();
  await clock.advance(700);
  await expect(a.messenger.request('b', participantsReconcile, { participants: [] })).rejects.toMatchObject({
    code: 'node_unreachable',
  });
  await clock.advance(600);
  expect(a.died).toEqual(['b']);
});

test('M7 [V8.3] while the bus is away no node is marked dead, nor when it is back', async () => {
  const { clock, a, b, c } = await three();
  for (const { bus } of [a, b, c]) bus.isCut = true;
  await clock.advance(60_000);
  expect(a.membership.hears).toBe(false);
  for (const { bus } of [a, b, c]) bus.isCut = false;
  await clock.advance(60_000);
  expect([a.died, b.died, c.died]).toEqual([[], [], []]);
  expect(a.membership.hears).toBe(true);
});

test('V9 a node that says farewell is gone at once', async () => {
  const { clock, a, b } = await three();
  await b.membership.close();
  await clock.advance(10);
  expect(a.died).toEqual(['b']);
});

test('V8 the state of a node is one value: unknown, alive, suspect or dead', async () => {
  const { clock, a, b } = await three();
  expect(a.membership.stateOf('nobody')).toBe('unknown');
  expect([a.membership.stateOf('a'), a.membership.stateOf('b')]).toEqual(['alive', 'alive']);
  b.bus.isCut = true;
  await b.bus.close();
  await a.messenger.request('b', participantsReconcile, { participants: [] }).catch(() => undefined);
  expect(a.membership.stateOf('b')).toBe('suspect');
  expect(a.membership.isReachable('b')).toBe(true);
  await clock.advance(1_500);
  expect(a.membership.stateOf('b')).toBe('dead');
  expect(a.membership.isReachable('b')).toBe(false);
});
