import fc from 'fast-check';
import { Director } from '../../../src/app/matchmaking/director';
import { TICK_MS } from '../../../src/app/matchmaking/director/candidates/step-wheel';
import type { Claim } from '../../../src/app/matchmaking/ticket-store';
import { DEFAULT_STEPS, type Ticket } from '../../../src/domain/pairing';
import { ELAPSED_AT_START, settle } from '../../support/manual-clock';
import { Matchmaking, withClaims } from '../../support/matchmaking';
import { permittedPairs } from '../../support/pairing-oracle';
import { populationArbitrary, ticket } from '../../support/tickets';

const T0 = ELAPSED_AT_START;

describe('director', () => {
  let world: Matchmaking;
  beforeEach(() => {
    world = new Matchmaking();
  });
  afterEach(() => world.close());

  test('M4 steps come when they are due, and the peer is notified of each', async () => {
    await world.add(ticket('a', { since: world.clock.elapsed() }));
    await world.clock.advance(35_000);
    expect(world.steps.map(({ step }) => step)).toEqual([1, 2, 3]);
    world.steps.forEach(({ waited, step }) => {
      expect(waited).toBeGreaterThanOrEqual(step * 10_000);
      expect(waited).toBeLessThanOrEqual(step * 10_000 + TICK_MS);
    });
  });

  test('M4 steps far apart come when they are due, however far', async () => {
    const slow = new Matchmaking({
      steps: [
        { afterMs: 0, minScore: 0, circle: 'interest' },
        { afterMs: 75_000, minScore: 0, circle: 'near' },
        { afterMs: 1_000_000, minScore: 0, circle: 'anyone' },
      ],
    });
    await slow.add(ticket('a', { since: slow.clock.elapsed() }));
    await slow.clock.advance(2_000_000);
    expect(slow.steps.map(({ waited }) => Math.floor(waited / 100) * 100)).toEqual([75_000, 1_000_000]);
    await slow.close();
  });

  test.each<[string, number, Partial<Ticket>]>([
    ['a shared interest at once', 0, { interests: ['sea'] }],
    ['the same country after 10 s', 10_000, { interests: ['film'], country: 'DE' }],
    ['a neighbouring age after 10 s', 10_000, { interests: ['film'], ageBand: '25-34' }],
    ['a shared language after 20 s', 20_000, { interests: ['film'], languages: ['en'] }],
    ['nothing in common after 30 s', 30_000, { interests: ['film'], languages: ['hi'] }],
  ])('M4 %s', async (_, after, wishes) => {
    const me = { interests: ['sea'], languages: ['en'], country: 'DE', ageBand: '18-24' as const };
    await world.add(ticket('a', { ...me, since: T0 }), ticket('b', { ...wishes, since: T0 }));
    if (after > 0) {
      await world.clock.advance(after - 1);
      expect(world.pairs).toEqual([]);
    }
    await world.clock.advance(TICK_MS + 1);
    expect(world.pairs).toEqual([['a', 'b']]);
  });

  test('M5 a peer left over is matched as soon as a permitted partner arrives', async () => {
    await world.add(ticket('odd', { gender: 'male', wantedGenders: ['female'] }));
    await world.add(ticket('he', { gender: 'male', interests: ['x'] }));
    await world.clock.advance(600_000);
    expect(world.pairs).toEqual([]);
    await world.add(
      ticket('she', { gender: 'female', wantedGenders: ['male'], since: world.clock.elapsed() }),
    );
    expect(world.pairs).toEqual([['odd', 'she']]);
  });

  test('M5 among equals the longest wait wins', async () => {
    const men = [3, 1, 2].map((n) =>
      ticket(`m${n}`, { gender: 'male', wantedGenders: ['female'], since: T0 - 100_000 + n }),
    );
    await world.add(...men);
    for (const n of [1, 2, 3]) await world.add(ticket(`w${n}`, { gender: 'female' }));
    expect(world.pairs).toEqual([
      ['m1', 'w1'],
      ['m2', 'w2'],
      ['m3', 'w3'],
    ]);
  });

  test('M5 the best score goes before the longest wait', async () => {
    const men = { gender: 'male' as const, wantedGenders: ['female' as const] };
    await world.add(
      ticket('old', { ...men, since: T0 - 40_000 }),
      ticket('fits', { ...men, interests: ['sea'] }),
    );
    await world.add(ticket('she', { gender: 'female', interests: ['sea'] }));
    expect(world.partnerOf('she')).toBe('fits');
  });

  test('M2 recent partners meet again when no other peer waits, and not before the last step', async () => {
    await world.add(ticket('a', { recent: [{ peerId: 'b', at: T0 - 60_000 }] }), ticket('b'));
    await world.clock.advance(29_999);
    expect(world.pairs).toEqual([]);
    await world.clock.advance(TICK_MS + 1);
    expect(world.pairs).toEqual([['a', 'b']]);
  });

  test('M2 recent partners do not meet while one of them has another choice', async () => {
    await world.add(ticket('a', { recent: [{ peerId: 'b', at: T0 }], since: T0, languages: ['en'] }));
    await world.clock.advance(35_000);
    // `c` suits `b` alone, and their circle is not open yet.
    await world.add(ticket('c', { since: world.clock.elapsed(), blocked: ['a'], languages: ['hi'] }));
    await world.add(ticket('b', { since: world.clock.elapsed(), languages: ['en'], interests: ['sea'] }));
    expect(world.pairs).toEqual([]);
    await world.clock.advance(31_000);
    expect(world.pairs).toEqual([['b', 'c']]);
  });

  test('M6 [M6.2] a peer that cancels is not offered', async () => {
    await world.add(ticket('a'));
    await world.memory.remove(ticket('a'));
    await world.add(ticket('b'));
    expect(world.pairs).toEqual([]);
    expect(await world.memory.count('video.local.standard')).toBe(1);
  });

  test('M6 a ticket taken back in the same turn is not matched', async () => {
    world.directors.ensure('video.local.standard');
    await settle();
    void world.memory.add(ticket('a'));
    void world.memory.add(ticket('b'));
    void world.memory.remove(ticket('a'));
    await settle();
    expect(world.pairs).toEqual([]);
    await world.add(ticket('c'));
    expect(world.pairs).toEqual([['b', 'c']]);
  });

  test('M9 tickets from before the director came are paired, and shards stay apart', async () => {
    for (const mode of ['video', 'text'] as const) {
      for (const id of ['a', 'b', 'c']) await world.memory.add(ticket(`${mode}-${id}`, { mode }));
    }
    world.directors.ensure('video.local.standard');
    await settle();
    expect(world.pairs).toEqual([['video-a', 'video-b']]);
  });

  test('M5 errors of listeners are reported and stop nothing', async () => {
    const errors: unknown[] = [];
    const director = new Director('video.local.standard', {
      store: world.memory,
      clock: world.clock,
      steps: DEFAULT_STEPS,
      matched: () => {
        throw new Error('matched');
      },
      stepReached: () => {
        throw new Error('step');
      },
      onError: (error) => {
        errors.push(error);
        throw new Error('onError');
      },
    });
    await world.memory.add(ticket('a', { since: T0 - 15_000, interests: ['x'] }));
    await settle();
    await world.memory.add(ticket('b', { interests: ['x'] }));
    await settle();
    expect(errors.map(String)).toEqual(['Error: step', 'Error: matched']);
    await director.close();
  });
});

describe('director and a store that fails', () => {
  test('M7 a lost claim makes the survivor available again', async () => {
    const world = new Matchmaking({
      store: (memory) =>
        withClaims(memory, async (claims) => {
          await memory.remove(ticket('a'));
          return memory.claim(claims);
        }),
    });
    await world.add(ticket('a'));
    await world.add(ticket('b'));
    expect(world.pairs).toEqual([]);
    await world.add(ticket('c'));
    expect(world.pairs).toEqual([['b', 'c']]);
    await world.close();
  });

  test('M7 a lost claim whose cause is published late frees the survivor as soon as it is published', async () => {
    let lost = 1;
    const world = new Matchmaking({
      store: (memory) => withClaims(memory, async (claims) => (lost-- > 0 ? [false] : memory.claim(claims))),
    });
    await world.add(ticket('a'), ticket('b'));
    await world.memory.remove(ticket('a'));
    // No time passes: neither of the two is offered before that is published, and `b` is from then on.
    await world.add(ticket('c'));
    expect(world.pairs).toEqual([['b', 'c']]);
    await world.close();
  });

  test('M7 no ticket is lost or given twice when claims are lost and calls fail at random', async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(populationArbitrary(30), fc.infiniteStream(fc.nat(5)), async (population, dice) => {
        const world = new Matchmaking({
          store: (memory) =>
            withClaims(memory, async (claims) => {
              const roll = dice.next().value ?? 5;
              if (roll < 3) failures++;
              if (roll === 0) throw new Error('the store is away');
              if (roll === 1) return claims.map(() => false);
              if (roll === 2)
                return [...(await memory.claim(claims.slice(0, 1))), ...claims.slice(1).map(() => false)];
              return memory.claim(claims);
            }),
        });
        const added = population.map(({ wishes, name }) => ticket(name, wishes));
        await world.add(...added);
        await world.clock.advance(120_000);
        const taken = world.matches.flatMap(({ tickets }) => tickets.map(({ id }) => id));
        expect(new Set(taken).size).toBe(taken.length);
        const waiting = added.filter(({ id }) => !taken.includes(id));
        expect(await world.memory.count('video.local.standard')).toBe(waiting.length);
        expect(permittedPairs(waiting)).toEqual([]);
        await world.close();
      }),
      { numRuns: 60 },
    );
    expect(failures).toBeGreaterThan(20);
  }, 60_000);

  test('M7 a claim that was won though its answer was lost matches no ticket twice', async () => {
    let lost = 1;
    const world = new Matchmaking({
      store: (memory) =>
        withClaims(memory, async (claims) => {
          const answers = await memory.claim(claims);
          if (lost-- > 0) throw new Error('the answer was lost');
          return answers;
        }),
    });
    await world.add(ticket('a'), ticket('b'));
    await world.clock.advance(5_000);
    expect(world.pairs).toEqual([]);
    expect(world.errors).toHaveLength(1);
    expect(await world.memory.touch([ticket('a'), ticket('b')], T0)).toEqual(['t-a', 't-b']);
    await world.add(ticket('a', { id: 'again' }), ticket('c'));
    expect(world.pairs).toEqual([['a', 'c']]);
    await world.close();
  });

  test('M7 a store that is away is asked again at growing intervals', async () => {
    let calls = 0;
    const world = new Matchmaking({
      store: (memory) =>
        withClaims(memory, (claims) =>
          ++calls <= 8 ? Promise.reject(new Error('away')) : memory.claim(claims),
        ),
    });
    await world.add(ticket('a'), ticket('b'));
    await world.clock.advance(500);
    expect(calls).toBeLessThan(8);
    await world.add(ticket('c'), ticket('d'));
    await world.clock.advance(5_000);
    expect(calls).toBe(9);
    expect(world.errors).toHaveLength(8);
    expect(world.pairs).toHaveLength(2);
    await world.close();
  });

  test('M7 following is tried again until it works', async () => {
    let calls = 0;
    const world = new Matchmaking({
      store: (memory) => ({
        claim: memory.claim.bind(memory),
        follow: (shard, listener) =>
          ++calls <= 3 ? Promise.reject(new Error('away')) : memory.follow(shard, listener),
      }),
    });
    await world.add(ticket('a'), ticket('b'));
    expect(world.pairs).toEqual([]);
    await world.clock.advance(1_000);
    expect(world.pairs).toEqual([['a', 'b']]);
    expect(world.errors).toHaveLength(3);
    await world.close();
  });

  test('M7 what one pass decides is claimed in one call', async () => {
    const sizes: number[] = [];
    const world = new Matchmaking({
      store: (memory) =>
        withClaims(memory, async (claims: readonly Claim[]) => {
          sizes.push(claims.length);
          return memory.claim(claims);
        }),
    });
    world.directors.ensure('video.local.standard');
    await settle();
    for (let index = 0; index < 40; index++) void world.memory.add(ticket(`p${index}`));
    await settle();
    expect(sizes).toEqual([20]);
    await world.close();
  });

  test('M7 [M7.3] two directors of one shard do no harm', async () => {
    await fc.assert(
      fc.asyncProperty(populationArbitrary(30), async (population) => {
        const world = new Matchmaking();
        const second = world.newDirectors(world.memory);
        second.ensure('video.local.standard');
        const added = population.map(({ wishes, name }) => ticket(name, wishes));
        await world.add(...added);
        await world.clock.advance(60_000);
        const taken = world.matches.flatMap(({ tickets }) => tickets.map(({ id }) => id));
        expect(new Set(taken).size).toBe(taken.length);
        expect(permittedPairs(added.filter(({ id }) => !taken.includes(id)))).toEqual([]);
        await second.close();
        await world.close();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('closing', () => {
  test('M7 a claim that is won after closing began is still reported', async () => {
    let answer: (() => void) | undefined;
    const world = new Matchmaking({
      store: (memory) =>
        withClaims(memory, async (claims) => {
          await new Promise<void>((resolve) => (answer = resolve));
          return memory.claim(claims);
        }),
    });
    await world.add(ticket('a'), ticket('b'));
    const closed = world.directors.close();
    await settle();
    answer?.();
    await closed;
    expect(world.pairs).toEqual([['a', 'b']]);
  });

  test('M7 close may be called twice, leaves no timer, and ends the following', async () => {
    const world = new Matchmaking();
    await world.add(ticket('a'), ticket('x', { mode: 'text' }));
    await Promise.all([world.directors.close(), world.directors.close()]);
    world.directors.ensure('video.local.standard');
    await world.memory.add(ticket('b'));
    await world.clock.advance(60_000);
    expect(world.pairs).toEqual([]);
    expect(world.clock.pending).toBe(0);
    expect(world.directors.shards).toEqual([]);
  });

  test('M9 a director without tickets goes after a while, and comes back when it is needed', async () => {
    const world = new Matchmaking();
    await world.add(ticket('a'), ticket('b'), ticket('x', { mode: 'text' }));
    await world.clock.advance(50_000);
    expect(world.directors.shards).toEqual(['video.local.standard', 'text.local.standard']);
    await world.clock.advance(60_000);
    expect(world.directors.shards).toEqual(['text.local.standard']);
    await world.add(
      ticket('c', { since: world.clock.elapsed() }),
      ticket('d', { since: world.clock.elapsed() }),
    );
    expect(world.pairs).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await world.close();
  });
});
