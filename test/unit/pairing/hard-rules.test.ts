import fc from 'fast-check';
import { brokenRule, mayMeet, type HardRule, type Ticket } from '../../../src/domain/pairing';
import { AGE_BANDS } from '../../../src/protocol';
import { forbidden } from '../../support/pairing-oracle';
import { anyTicketArbitrary, ticket } from '../../support/tickets';

const rule = (a: Partial<Ticket>, b: Partial<Ticket>) => brokenRule(ticket('a', a), ticket('b', b));

/** Each row: what breaks the rule, and what does not. The table is read in both directions. */
const CASES: [HardRule, Partial<Ticket>, Partial<Ticket>, Partial<Ticket>][] = [
  ['mode', { mode: 'video' }, { mode: 'text' }, { mode: 'video' }],
  ['region', { region: 'eu' }, { region: 'us' }, { region: 'eu' }],
  ['trust_pool', { trustPool: 'low' }, { trustPool: 'standard' }, { trustPool: 'low' }],
  ['group_size', { groupSize: 2 }, { groupSize: 3 }, {}],
  ['group_size', {}, { groupSize: 4 }, { groupSize: 2 }],
  ['minors_apart', { ageBand: '13-17' }, { ageBand: '18-24' }, { ageBand: '13-17' }],
  ['minors_apart', { ageBand: '13-17' }, { ageBand: null }, { ageBand: '13-17' }],
  ['wanted_ages', { wantedAgeBands: ['18-24'] }, { ageBand: '25-34' }, { ageBand: '18-24' }],
  ['wanted_ages', { wantedAgeBands: ['18-24', '25-34'] }, { ageBand: null }, { ageBand: '25-34' }],
  ['wanted_genders', { wantedGenders: ['female'] }, { gender: 'male' }, { gender: 'female' }],
  ['wanted_genders', { wantedGenders: ['female', 'other'] }, { gender: null }, { gender: 'other' }],
  ['avoided_country', { avoidCountries: ['FR'] }, { country: 'FR' }, { country: 'DE' }],
  ['avoided_country', { avoidCountries: ['FR', 'DE'] }, { country: 'DE' }, { country: null }],
  ['blocked', { blocked: ['x', 'b'] }, {}, {}],
];

describe('hard rules', () => {
  test.each(CASES)('M2 %s forbids both ways: %j with %j, and not with %j', (name, one, other, fine) => {
    expect(rule(one, other)).toBe(name);
    expect(brokenRule(ticket('b', other), ticket('a', one))).toBe(name);
    const [a, free] = [ticket('a', one), ticket(name === 'blocked' ? 'c' : 'b', fine)];
    expect(brokenRule(a, free)).toBeNull();
    expect(brokenRule(free, a)).toBeNull();
  });

  test('M2 a peer never meets itself, whatever its ticket', () => {
    expect(brokenRule(ticket('a'), ticket('a', { id: 'another' }))).toBe('self');
  });

  test("M2 one side's any never overrides the other side's wish", () => {
    const picky: Partial<Ticket> = { gender: 'female', wantedGenders: ['female'] };
    expect(rule({ gender: 'male', wantedGenders: [] }, picky)).toBe('wanted_genders');
    expect(rule(picky, { gender: 'male', wantedGenders: [] })).toBe('wanted_genders');
    expect(
      rule({ ageBand: '50+', wantedAgeBands: [] }, { ageBand: '18-24', wantedAgeBands: ['18-24'] }),
    ).toBe('wanted_ages');
  });

  test('M2 both wishes have to be met', () => {
    const she: Partial<Ticket> = { gender: 'female', wantedGenders: ['male'] };
    expect(rule(she, { gender: 'male', wantedGenders: ['female'] })).toBeNull();
    expect(rule(she, { gender: 'male', wantedGenders: ['male'] })).toBe('wanted_genders');
  });

  test.each(AGE_BANDS.filter((band) => band !== '13-17'))(
    'M2 a minor never meets %s, even where both wish it',
    (band) => {
      const minor: Partial<Ticket> = { ageBand: '13-17', wantedAgeBands: [band] };
      expect(rule(minor, { ageBand: band, wantedAgeBands: ['13-17'] })).toBe('minors_apart');
    },
  );

  test('M2 [M2.1] the rules agree with the specification, over random peers', () => {
    const counts = { forbidden: 0, allowed: 0 };
    fc.assert(
      fc.property(anyTicketArbitrary, anyTicketArbitrary, fc.boolean(), (one, other, sameShard) => {
        const a = ticket('p0', one);
        const { mode, region, trustPool } = one;
        const b = ticket('p1', { ...other, ...(sameShard ? { mode, region, trustPool } : {}) });
        const expected = forbidden(a, b) === null;
        counts[expected ? 'allowed' : 'forbidden']++;
        expect(mayMeet(a, b)).toBe(expected);
        expect(mayMeet(b, a)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    // The draw must not be one-sided, or this says nothing.
    expect(counts.allowed).toBeGreaterThan(100);
    expect(counts.forbidden).toBeGreaterThan(100);
  });
});
