import fc from 'fast-check';
import { Candidates } from '../../../src/app/matchmaking/director/candidates/candidates';
import { LOOK_AT_ALL } from '../../../src/app/matchmaking/director/candidates/search';
import { DEFAULT_STEPS, parseRelaxationSteps, type Ticket } from '../../../src/domain/pairing';
import { circleOpen, expectedScore, forbidden, met } from '../../support/pairing-oracle';
import { ELAPSED_AT_START } from '../../support/manual-clock';
import { ticket, wishesArbitrary } from '../../support/tickets';

const now = ELAPSED_AT_START;

const waitingArbitrary = fc
  .array(fc.tuple(wishesArbitrary, fc.nat(45_000)), { minLength: 1, maxLength: 40 })
  .map((drawn) =>
    drawn.map(([wishes, waited], index) => ticket(`p${index + 1}`, { ...wishes, since: now - waited })),
  );
const seekerArbitrary = fc
  .tuple(wishesArbitrary, fc.constantFrom(0, 5_000, 12_000, 25_000, 35_000))
  .map(([wishes, waited]) => ticket('p0', { ...wishes, since: now - waited }));

/** Peers that are candidates like others, but that the rules forbid to all: so many that a look is bounded. */
function bystanders(count = 2 * LOOK_AT_ALL): Ticket[] {
  return Array.from({ length: count }, (_, index) => {
    const wishes =
      index % 2 ? { groupSize: 3 } : { gender: 'other' as const, wantedGenders: [], avoidCountries: [] };
    return ticket(`bystander${index}`, {
      ...wishes,
      blocked: Array.from({ length: 41 }, (__, number) => `p${number}`),
      interests: ['music', 'sea'],
      country: 'DE',
      since: now - index * 500,
    });
  });
}

function indexOf(waiting: readonly Ticket[], steps = DEFAULT_STEPS): Candidates {
  const candidates = new Candidates(steps, now);
  for (const one of [...waiting].sort((a, b) => a.since - b.since)) candidates.add(one, now);
  return candidates;
}

/** The partners that the specification would offer, without recent ones. */
const offered = (seeker: Ticket, waiting: readonly Ticket[]) =>
  waiting.filter(
    (other) =>
      forbidden(seeker, other) === null && !met(seeker, other, now) && circleOpen(seeker, other, now),
  );

describe('candidates', () => {
  test('M5 among few the best score wins, and among equals the longest wait', () => {
    fc.assert(
      fc.property(seekerArbitrary, waitingArbitrary, (seeker, waiting) => {
        const best = indexOf(waiting).bestFor(seeker, now);
        const [first] = offered(seeker, waiting)
          .map((other) => ({ other, score: expectedScore(seeker, other, now) }))
          .sort((a, b) => b.score - a.score || a.other.since - b.other.since);
        if (first === undefined) {
          if (best !== null) expect(met(seeker, best, now)).toBe(true);
          return;
        }
        expect(best === null ? null : [expectedScore(seeker, best, now), best.since]).toEqual([
          first.score,
          first.other.since,
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['at leisure', false],
    ['in haste', true],
  ])(
    'M5 among many a permitted partner is found whenever there is one, and never another, %s',
    (_, inHaste) => {
      let found = 0;
      fc.assert(
        fc.property(seekerArbitrary, waitingArbitrary, (seeker, waiting) => {
          const best = indexOf([...waiting, ...bystanders()]).bestFor(seeker, now, inHaste);
          const choice = offered(seeker, waiting);
          if (choice.length === 0) {
            if (best !== null) expect(met(seeker, best, now)).toBe(true);
            return;
          }
          found++;
          expect(choice.map(({ id }) => id)).toContain(best?.id);
        }),
        { numRuns: 500 },
      );
      expect(found).toBeGreaterThan(50);
    },
  );

  test('M2 a recent partner is offered only in the last step and when neither has another choice', () => {
    let seen = 0;
    fc.assert(
      fc.property(seekerArbitrary, waitingArbitrary, fc.boolean(), (seeker, waiting, many) => {
        const best = indexOf(many ? [...waiting, ...bystanders()] : waiting).bestFor(seeker, now);
        const everyone = [seeker, ...waiting];
        const hasOther = (one: Ticket) =>
          everyone.some((other) => forbidden(one, other) === null && !met(one, other, now));
        const inLastStep = (other: Ticket) => now - Math.min(seeker.since, other.since) >= 30_000;
        const resorts = waiting.filter(
          (other) =>
            forbidden(seeker, other) === null &&
            met(seeker, other, now) &&
            inLastStep(other) &&
            !hasOther(other),
        );
        const expected = offered(seeker, waiting).length === 0 && !hasOther(seeker) ? resorts : [];
        if (expected.length > 0) seen++;
        if (expected.length > 0) expect(expected.map(({ id }) => id)).toContain(best?.id);
        else if (best !== null) expect(met(seeker, best, now)).toBe(false);
      }),
      { numRuns: 1_500 },
    );
    // That it was tried at all: how often depends on chance.
    expect(seen).toBeGreaterThan(0);
  });

  test('M5 whatever comes and goes, the index holds exactly the waiting tickets', () => {
    const action = fc.tuple(fc.constantFrom('add', 'add', 'remove', 'wait'), fc.nat(30), wishesArbitrary);
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), seekerArbitrary, (actions, drawn) => {
        const candidates = new Candidates(DEFAULT_STEPS, now);
        const waiting = new Map<string, Ticket>();
        let time = now;
        for (const [kind, number, wishes] of actions) {
          const id = `t-p${number + 1}`;
          if (kind === 'wait') time += number * 200;
          while (candidates.takeDue(time) !== null);
          if (kind === 'remove') expect(candidates.remove(id)).toBe(waiting.get(id));
          if (kind === 'remove') waiting.delete(id);
          if (kind !== 'add' || waiting.has(id)) continue;
          const added = ticket(`p${number + 1}`, { ...wishes, since: time });
          waiting.set(id, added);
          candidates.add(added, time);
        }
        expect(candidates.size).toBe(waiting.size);
        // Past the last step of everyone, so that the ticks of the wheel do not matter.
        time += 40_000;
        while (candidates.takeDue(time) !== null);
        const seeker = { ...drawn, since: time - 40_000 };
        const permitted = [...waiting.values()].filter(
          (other) => forbidden(seeker, other) === null && !met(seeker, other, time),
        );
        const best = candidates.bestFor(seeker, time);
        if (permitted.length > 0) expect(permitted).toContain(best);
        else if (best !== null) expect(met(seeker, best, time)).toBe(true);
        for (const id of waiting.keys()) candidates.remove(id);
        expect(candidates.size).toBe(0);
        expect(candidates.nextDueAt()).toBeNull();
        expect(candidates.bestFor(seeker, time)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  describe('the one permitted partner among thousands', () => {
    const crowd = 5_000;
    const seeker = ticket('me', {
      gender: 'female',
      wantedGenders: ['male'],
      ageBand: '18-24',
      languages: ['de'],
      interests: ['sea'],
      country: 'DE',
      avoidCountries: ['US'],
      blocked: Array.from({ length: crowd }, (_, index) => `b${index}`),
      since: now,
    });
    const him: Partial<Ticket> = {
      gender: 'male',
      languages: ['de'],
      interests: ['sea'],
      country: 'FR',
      since: now,
    };
    test.each<[string, (index: number) => Ticket]>([
      ['of another gender', (index) => ticket(`x${index}`, { ...him, gender: 'female' })],
      ['who want another gender', (index) => ticket(`x${index}`, { ...him, wantedGenders: ['male'] })],
      ['who want another age', (index) => ticket(`x${index}`, { ...him, wantedAgeBands: ['50+'] })],
      ['who are minors', (index) => ticket(`x${index}`, { ...him, ageBand: '13-17' })],
      ['who speak another language', (index) => ticket(`x${index}`, { ...him, languages: ['hi', 'en'] })],
      ['from a country avoided', (index) => ticket(`x${index}`, { ...him, country: 'US' })],
      ['who avoid the country', (index) => ticket(`x${index}`, { ...him, avoidCountries: ['DE', 'AT'] })],
      ['whom she has blocked', (index) => ticket(`b${index}`, him)],
      ['who have blocked her', (index) => ticket(`x${index}`, { ...him, blocked: ['me', `y${index}`] })],
      ['met before', (index) => ticket(`x${index}`, { ...him, recent: [{ peerId: 'me', at: now - 5 }] })],
      [
        'with other interests',
        (index) => ticket(`x${index}`, { ...him, interests: [`other ${index % 7}`], languages: [] }),
      ],
    ])('M5 is found among peers %s', (_, make) => {
      const candidates = indexOf(Array.from({ length: crowd }, (__, index) => make(index)));
      expect(candidates.bestFor(seeker, now)).toBeNull();
      candidates.add(ticket('him', him), now);
      expect(candidates.bestFor(seeker, now)?.peerId).toBe('him');
    });
  });

  test.each<[string, Partial<Ticket>]>([
    ['from the same country', { country: 'DE', ageBand: '50+' }],
    ['of a neighbouring age', { country: 'FR', ageBand: '25-34' }],
    ['of the same age', { country: null, ageBand: '18-24' }],
  ])('M5 the one %s is found among thousands who are blocked, when that circle opens', (_, near) => {
    const crowd = Array.from({ length: 3_000 }, (__, index) =>
      ticket(`b${index}`, { ...near, interests: ['film'], languages: ['de'] }),
    );
    const me = ticket('me', {
      interests: ['sea'],
      languages: ['de'],
      country: 'DE',
      ageBand: '18-24',
      blocked: crowd.map(({ peerId }) => peerId),
    });
    const candidates = indexOf(crowd.map((one) => ({ ...one, since: now })));
    candidates.add(ticket('near', { ...near, interests: ['film'], languages: ['de'], since: now }), now);
    expect(candidates.bestFor({ ...me, since: now - 9_999 }, now)).toBeNull();
    expect(candidates.bestFor({ ...me, since: now - 10_000 }, now)?.peerId).toBe('near');
    expect(candidates.bestFor({ ...me, since: now - 10_000, languages: ['hi'] }, now)).toBeNull();
  });

  test('M4 a peer that reaches a step by waiting is found by later ones, among many too', () => {
    const p1 = { interests: ['film'], languages: ['hi'], since: now };
    const alike = Array.from({ length: 200 }, (_, index) => ticket(`x${index}`, { ...p1, blocked: ['p2'] }));
    const candidates = indexOf([...alike, ticket('p1', p1)]);
    const newcomer = (time: number) => ticket('p2', { interests: ['sea'], languages: ['en'], since: time });
    expect(candidates.bestFor(newcomer(now), now)).toBeNull();
    const later = now + 31_000;
    while (candidates.takeDue(later) !== null);
    expect(candidates.bestFor(newcomer(later), later)?.peerId).toBe('p1');
  });

  test('M5 among very many equals the longest wait still wins', () => {
    const equals = Array.from({ length: 3_000 }, (_, index) =>
      ticket(`x${index}`, { since: now - ((index * 7_919) % 3_000) - 60_000 }),
    );
    const best = indexOf(equals).bestFor(ticket('me', { since: now }), now);
    expect(best?.since).toBe(now - 2_999 - 60_000);
  });

  test('M5 a peer put back with its waiting time counts by that wait', () => {
    const candidates = indexOf(
      Array.from({ length: 500 }, (_, index) => ticket(`x${index}`, { since: now - 60_000 - index })),
    );
    candidates.add(ticket('back', { since: now - 90_000 }), now);
    expect(candidates.bestFor(ticket('me', { since: now }), now)?.peerId).toBe('back');
  });

  test('M4 a minimum score raised above its circle holds among many too, until the last step', () => {
    const steps = parseRelaxationSteps([
      { afterMs: 0, minScore: 95, circle: 'interest' },
      { afterMs: 30_000, minScore: 0, circle: 'anyone' },
    ]);
    const candidates = indexOf(
      Array.from({ length: 6_000 }, (_, index) => ticket(`x${index}`, { since: now })),
      steps,
    );
    expect(candidates.bestFor(ticket('me', { since: now }), now)).toBeNull();
    candidates.add(ticket('old', { since: now - 30_000, interests: ['x'], country: 'FR' }), now);
    expect(candidates.bestFor(ticket('me', { since: now }), now)?.peerId).toBe('old');
  });
});
