import fc from 'fast-check';
import {
  circleOf,
  DEFAULT_STEPS,
  liesWithin,
  parseRelaxationSteps,
  stepAfter,
  stepOfPair,
  suits,
  type RelaxationStep,
} from '../../../src/domain/pairing';
import { circleOpen } from '../../support/pairing-oracle';
import { ELAPSED_AT_START } from '../../support/manual-clock';
import { ticket, wishesArbitrary } from '../../support/tickets';

const now = ELAPSED_AT_START;
const last: RelaxationStep = { afterMs: 30_000, minScore: 0, circle: 'anyone' };
const first: RelaxationStep = { afterMs: 0, minScore: 20, circle: 'interest' };

describe('steps', () => {
  test('M4 a pair is in the step of the longer wait of the two', () => {
    const [older, newer] = [ticket('a', { since: now - 20_000 }), ticket('b', { since: now })];
    expect(stepOfPair(DEFAULT_STEPS, older, newer, now)).toBe(2);
    expect(stepOfPair(DEFAULT_STEPS, newer, older, now)).toBe(2);
  });

  test('M4 steps begin exactly when they say', () => {
    const times = [-1, 0, 9_999, 10_000, 19_999, 20_000, 29_999, 30_000, 1e9];
    expect(times.map((waited) => stepAfter(DEFAULT_STEPS, waited))).toEqual([0, 0, 0, 1, 1, 2, 2, 3, 3]);
  });

  test('M4 circles: what is shared decides, and a language has to be shared for all but the last', () => {
    const me = ticket('a', { interests: ['sea'], languages: ['en'], country: 'DE', ageBand: '18-24' });
    const circle = (wishes: Parameters<typeof ticket>[1]) => [
      circleOf(me, ticket('b', wishes)),
      circleOf(ticket('b', wishes), me),
    ];
    expect(circle({ interests: ['sea', 'film'] })).toEqual(['interest', 'interest']);
    expect(circle({ interests: ['sea'], languages: ['de'] })).toEqual(['anyone', 'anyone']);
    expect(circle({ interests: ['film'], country: 'DE' })).toEqual(['near', 'near']);
    expect(circle({ ageBand: '25-34' })).toEqual(['near', 'near']);
    expect(circle({ ageBand: '35-49', country: 'FR' })).toEqual(['language', 'language']);
    expect(circle({ country: 'DE', languages: ['de'] })).toEqual(['anyone', 'anyone']);
    expect(circleOf(ticket('a'), ticket('b'))).toBe('interest');
    expect(circleOf(ticket('a', { interests: ['x'] }), ticket('b'))).toBe('language');
  });

  test('M4 with the default steps the circle decides and never the number', () => {
    fc.assert(
      fc.property(
        wishesArbitrary,
        wishesArbitrary,
        fc.nat(40_000),
        fc.nat(40_000),
        (one, other, waitA, waitB) => {
          const a = ticket('p0', { ...one, since: now - waitA });
          const b = ticket('p1', { ...other, since: now - waitB });
          expect(suits(a, b, now, DEFAULT_STEPS) !== null).toBe(circleOpen(a, b, now));
          const step = DEFAULT_STEPS[stepOfPair(DEFAULT_STEPS, a, b, now)];
          expect(liesWithin(circleOf(a, b), step?.circle ?? 'interest')).toBe(circleOpen(a, b, now));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('M4 a raised minimum keeps a pair apart until a step requires less', () => {
    const steps = parseRelaxationSteps([{ ...first, minScore: 90 }, last]);
    const wait = (ms: number) => ticket('a', { since: now - ms });
    expect(suits(wait(0), ticket('b', { since: now }), now, steps)).toBeNull();
    expect(suits(wait(30_000), ticket('b', { since: now }), now, steps)).toBe(25 + 8 + 8 + 3);
  });

  test('M4 the default steps are valid, and stand for none written', () => {
    expect(parseRelaxationSteps(undefined)).toBe(DEFAULT_STEPS);
    expect(parseRelaxationSteps(DEFAULT_STEPS)).toEqual(DEFAULT_STEPS);
  });

  test.each<[string, unknown]>([
    ['no steps', []],
    ['not a list', { circle: 'anyone' }],
    ['begins later than at once', [{ ...last, afterMs: 5 }]],
    ['the last is not anyone', [first]],
    ['the last asks for a score', [first, { ...last, minScore: 1 }]],
    ['not ascending', [first, { ...first, afterMs: 0 }, last]],
    ['asks for more later', [first, { afterMs: 5, minScore: 30, circle: 'near' }, last]],
    ['looks less far later', [{ ...first, circle: 'language' }, { ...first, afterMs: 5 }, last]],
    ['no such circle', [{ ...first, circle: 'moon' }, last]],
    ['half a millisecond', [first, { ...last, afterMs: 0.5 }]],
  ])('M4 rejects steps: %s', (_, steps) => {
    expect(() => parseRelaxationSteps(steps)).toThrow();
  });
});
