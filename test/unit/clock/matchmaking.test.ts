import { TICK_MS } from '../../../src/app/matchmaking/director/candidates/step-wheel';
import { ELAPSED_AT_START } from '../../support/manual-clock';
import { Matchmaking } from '../../support/matchmaking';
import { ticket } from '../../support/tickets';

const T0 = ELAPSED_AT_START;

let world: Matchmaking;
beforeEach(() => {
  world = new Matchmaking();
});
afterEach(() => world.close());

test.each([-3_600_000, 3_600_000])(
  'M4 [V8.4] steps come when they are due while the clock of the machine is set by %i ms',
  async (jump) => {
    await world.add(ticket('a', { since: world.clock.elapsed() }));
    await world.clock.advance(5_000);
    world.clock.jump(jump);
    await world.clock.advance(10_000);
    expect(world.steps.map(({ step }) => step)).toEqual([1]);
    await world.clock.advance(20_000);
    expect(world.steps.map(({ step }) => step)).toEqual([1, 2, 3]);
  },
);

test('M5 peers who have waited since before this process began are matched, the longest wait first', async () => {
  const men = { gender: 'male', wantedGenders: ['female'] } as const;
  await world.add(
    ticket('new', { ...men, since: T0 - 40_000 }),
    ticket('old', { ...men, since: T0 - 900_000 }),
    ticket('older', { ...men, since: T0 - 5_000_000 }),
  );
  await world.clock.advance(1_000);
  for (const id of ['x', 'y', 'z'])
    await world.add(ticket(id, { gender: 'female', wantedGenders: ['male'], since: T0 }));
  expect(world.pairs.map(([man]) => man)).toEqual(['older', 'old', 'new']);
  await world.add(ticket('alone', { languages: ['hi'], since: T0 - 8_000 }));
  await world.clock.advance(0);
  expect(world.steps.filter(({ id }) => id === 't-alone')).toEqual([]);
  await world.clock.advance(2_000);
  expect(world.steps.filter(({ id }) => id === 't-alone')).toMatchObject([
    { step: 1, waited: 10_000 + TICK_MS },
  ]);
});
