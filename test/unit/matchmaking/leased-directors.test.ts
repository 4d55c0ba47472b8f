import { LeasedDirectors } from '../../../src/app/matchmaking/director';
import { MemoryLeaseStore } from '../../../src/memory/lease-store';
import { shardWanted } from '../../../src/app/matchmaking/messages';
import { QUIET } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

function installation() {
  const clock = new ManualClock();
  const leases = new MemoryLeaseStore(clock);
  const shards = new Set<string>();
  const alive = new Set<string>();
  const dead = new Set<string>();
  const errors: unknown[] = [];
  const node = (self: string) => {
    const running = new Set<string>();
    alive.add(self);
    const wanted: [string, string][] = [];
    const directors = new LeasedDirectors({
      directors: {
        ensure: (shard) => void running.add(shard),
        end: async (shard) => void running.delete(shard),
      },
      leases,
      store: { shards: async () => [...shards] },
      clock,
      membership: {
        all: () => [...alive].map((address) => ({ ...QUIET, address, incarnation: 0, heardAt: 0 })),
        stateOf: (other) => (dead.has(other) ? 'dead' : 'alive'),
      },
      messenger: {
        self,
        notify: (other, _, data) => void wanted.push([other, shardWanted.data.parse(data).shard]),
        onNotification: () => undefined,
      },
      reportError: (error) => void errors.push(error),
    });
    return { self, directors, running, wanted };
  };
  return { clock, leases, shards, alive, dead, errors, node };
}

const SHARDS = Array.from({ length: 24 }, (_, index) => `text.region${index}.standard`);

test('M9 every shard has one director, and the work is spread', async () => {
  const { clock, shards, node } = installation();
  const nodes = [node('a'), node('b'), node('c')];
  for (const shard of SHARDS) shards.add(shard);
  await clock.advance(1_500);
  expect(nodes.flatMap(({ running }) => [...running]).sort()).toEqual([...SHARDS].sort());
  for (const { running } of nodes) expect(running.size).toBeGreaterThan(2);
});

test.each(['is known to be dead', 'only falls silent'])(
  'M9 the shards of a node that %s have a director again within 3 s, and the others keep theirs',
  async (how) => {
    const { clock, shards, alive, dead, node } = installation();
    const [a, b, c] = [node('a'), node('b'), node('c')];
    for (const shard of SHARDS) shards.add(shard);
    await clock.advance(1_500);
    const before = new Set(b.running);
    const close = a.directors.close.bind(a.directors);
    // Killed: no lease is released or renewed.
    Object.assign(a.directors, { look: () => undefined });
    alive.delete('a');
    if (how === 'is known to be dead') dead.add('a');
    await clock.advance(3_000);
    expect([...b.running, ...c.running].sort()).toEqual([...SHARDS].sort());
    for (const shard of before) expect(b.running.has(shard)).toBe(true);
    await close();
  },
);

test('M9 a shard that is about to get tickets has its director at once, on whichever node', async () => {
  const { clock, node } = installation();
  const nodes = [node('a'), node('b')];
  await clock.advance(10);
  for (const { directors } of nodes) directors.ensure('text.new.standard');
  await clock.advance(1);
  const [owner] = nodes.filter(({ running }) => running.has('text.new.standard'));
  const [other] = nodes.filter((one) => one !== owner);
  expect(owner).toBeDefined();
  expect(other?.wanted).toEqual([[owner?.self, 'text.new.standard']]);
});

test('M9 a director whose lease another node has is ended', async () => {
  const { clock, leases, shards, node } = installation();
  const a = node('a');
  shards.add('text.local.standard');
  await clock.advance(1_000);
  expect(a.running.size).toBe(1);
  await leases.release('director:text.local.standard', 'a');
  await leases.take('director:text.local.standard', 'stranger', { ttlMs: 60_000 });
  await clock.advance(1_000);
  expect(a.running.size).toBe(0);
});

test.each([-3_600_000, 3_600_000])(
  'M9 directors stay where they are when the clock is set by %i ms, and those of a node that falls silent do not',
  async (jump) => {
    const { clock, shards, alive, node } = installation();
    const [a, b] = [node('a'), node('b')];
    for (const shard of SHARDS) shards.add(shard);
    await clock.advance(1_500);
    const before = [[...a.running].sort(), [...b.running].sort()];
    clock.jump(jump);
    await clock.advance(1_500);
    expect([[...a.running].sort(), [...b.running].sort()]).toEqual(before);
    Object.assign(a.directors, { look: () => undefined });
    alive.delete('a');
    clock.jump(jump);
    await clock.advance(3_000);
    expect([...b.running].sort()).toEqual([...SHARDS].sort());
    shards.clear();
    await clock.advance(59_000);
    clock.jump(jump);
    await clock.advance(500);
    expect(b.running.size).toBe(SHARDS.length);
    await clock.advance(2_000);
    expect(b.running.size).toBe(0);
  },
);

test('M9 a node that was held up for as long as a lease lasts looks again; only the second time it is an error', async () => {
  const { clock, leases, shards, errors, node } = installation();
  const { running } = node('a');
  shards.add('text.one.standard');
  await clock.advance(1_000);
  expect([...running]).toEqual(['text.one.standard']);
  const { renew } = leases;
  const late = async (): Promise<never> => {
    await new Promise<void>((resolve) => void clock.after(2_500, resolve));
    throw new Error('a lease was over before the answer came');
  };
  leases.renew = async (...given) => {
    leases.renew = renew;
    return given.length > 0 ? late() : [];
  };
  await clock.advance(6_000);
  expect(errors).toEqual([]);
  expect([...running]).toEqual(['text.one.standard']);
  leases.renew = late;
  await clock.advance(6_000);
  expect(errors).not.toEqual([]);
});
