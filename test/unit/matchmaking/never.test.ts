import fc from 'fast-check';
import type { Ticket } from '../../../src/domain/pairing';
import { Matchmaking } from '../../support/matchmaking';
import { circleOpen, forbidden, met, permittedPairs } from '../../support/pairing-oracle';
import { populationArbitrary, ticket } from '../../support/tickets';

/** Plays a population that arrives within 45 s, and stays until the last step has passed for everyone. */
async function play(population: { wishes: Partial<Ticket>; arrivesAfter: number; name: string }[]) {
  const world = new Matchmaking();
  const added: Ticket[] = [];
  const start = world.clock.elapsed();
  for (const { wishes, arrivesAfter, name } of [...population].sort(
    (a, b) => a.arrivesAfter - b.arrivesAfter,
  )) {
    await world.clock.advance(Math.max(0, start + arrivesAfter - world.clock.elapsed()));
    const arrived = ticket(name, { ...wishes, since: world.clock.elapsed() });
    added.push(arrived);
    await world.add(arrived);
  }
  await world.clock.advance(40_000);
  const taken = new Set(world.matches.flatMap(({ tickets }) => tickets.map(({ id }) => id)));
  await world.close();
  return { world, waiting: added.filter(({ id }) => !taken.has(id)) };
}

const RUNS = { numRuns: 150 };

describe('over random populations, through the directors and the store', () => {
  test('M2 [M2.1] no pair ever breaks a hard rule', async () => {
    await fc.assert(
      fc.asyncProperty(populationArbitrary(40), async (population) => {
        const { world } = await play(population);
        for (const { tickets } of world.matches) {
          const [a, b] = tickets;
          if (a === undefined || b === undefined) throw new Error('not a pair');
          expect(tickets).toHaveLength(2);
          expect(forbidden(a, b)).toBeNull();
        }
        expect(world.errors).toEqual([]);
      }),
      RUNS,
    );
  }, 60_000);

  test('M4 no pair meets before its circle is open', async () => {
    await fc.assert(
      fc.asyncProperty(populationArbitrary(40), async (population) => {
        const { world } = await play(population);
        for (const { tickets, at } of world.matches) {
          const [a, b] = tickets;
          if (a !== undefined && b !== undefined) expect(circleOpen(a, b, at)).toBe(true);
        }
      }),
      RUNS,
    );
  }, 60_000);

  test('M5 [M5.1] every peer that could be matched is matched once the last step has passed', async () => {
    await fc.assert(
      fc.asyncProperty(populationArbitrary(40), async (population) => {
        const { waiting } = await play(population);
        expect(permittedPairs(waiting)).toEqual([]);
      }),
      RUNS,
    );
  }, 60_000);

  test('M7 [M7.1] no peer is in two matches', async () => {
    await fc.assert(
      fc.asyncProperty(populationArbitrary(40), async (population) => {
        const { world } = await play(population);
        const peers = world.matches.flatMap(({ tickets }) => tickets.map(({ peerId }) => peerId));
        expect(new Set(peers).size).toBe(peers.length);
      }),
      RUNS,
    );
  }, 60_000);

  test('M2 recent partners meet only when the longer wait of the two is in the last step', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(populationArbitrary(12), async (population) => {
        const { world } = await play(population);
        for (const { tickets, at } of world.matches) {
          const [a, b] = tickets;
          if (a === undefined || b === undefined || !met(a, b, at)) continue;
          seen++;
          expect(Math.max(at - a.since, at - b.since)).toBeGreaterThanOrEqual(30_000);
        }
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(0);
  }, 60_000);
});
