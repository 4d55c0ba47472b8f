import fc from 'fast-check';
import type { Ticket } from '../../src/domain/pairing';
import { ELAPSED_AT_START } from './manual-clock';
import { AGE_BANDS, GENDERS, MODES } from '../../src/protocol';

/** A ticket without particular wishes, except those that a test sets. */
export function ticket(id: string, wishes: Partial<Ticket> = {}): Ticket {
  return {
    id: `t-${id}`,
    peerId: id,
    since: ELAPSED_AT_START,
    mode: 'video',
    region: 'local',
    trustPool: 'standard',
    priority: 0,
    interests: [],
    languages: [],
    gender: null,
    wantedGenders: [],
    ageBand: null,
    wantedAgeBands: [],
    country: null,
    avoidCountries: [],
    blocked: [],
    recent: [],
    ...wishes,
  };
}

const few = <T>(from: readonly T[], most: number) =>
  fc.uniqueArray(fc.constantFrom(...from), { maxLength: most });
const people = Array.from({ length: 40 }, (_, index) => `p${index}`);

/**
 * Wishes from so few values that every rule forbids some pairs and allows others. Peers are named by their place in a
 * population: `p0`, `p1`, …
 */
export const wishesArbitrary = fc.record({
  interests: few(['music', 'chess', 'film', 'sea'], 3),
  languages: few(['en', 'de', 'hi'], 2),
  gender: fc.constantFrom(...GENDERS, null),
  wantedGenders: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, few(GENDERS, 2)),
  ageBand: fc.constantFrom(...AGE_BANDS, null),
  wantedAgeBands: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, few(AGE_BANDS, 4)),
  country: fc.constantFrom('DE', 'FR', 'IN', null),
  avoidCountries: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, few(['DE', 'FR', 'IN'], 2)),
  priority: fc.constantFrom(0, 0, 0.5, 1),
  groupSize: fc.constantFrom(2, 2, 2, 2, 2, 3),
  blocked: few(people, 3),
  recent: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...people), fc.integer({ min: 0, max: 60 })), {
      maxLength: 8,
      selector: ([id]) => id,
    })
    .map((met) => met.sort(([, a], [, b]) => a - b))
    .map((met) => met.map(([peerId, minutes]) => ({ peerId, at: ELAPSED_AT_START - minutes * 60_000 }))),
});

/** The same, with values that put peers into different shards. */
export const anyTicketArbitrary = fc
  .tuple(
    wishesArbitrary,
    fc.record({
      mode: fc.constantFrom(...MODES),
      region: fc.constantFrom('eu', 'in'),
      trustPool: fc.constantFrom('standard' as const, 'low' as const),
      node: fc.constantFrom('node-1.a7', 'node-2.c3', undefined),
    }),
  )
  .map(([wishes, shard]) => ({ ...wishes, ...shard }));

export const populationArbitrary = (most: number) =>
  fc
    .array(fc.tuple(wishesArbitrary, fc.integer({ min: 0, max: 45_000 })), { minLength: 2, maxLength: most })
    .map((drawn) =>
      drawn.map(([wishes, arrivesAfter], index) => ({ wishes, arrivesAfter, name: `p${index}` })),
    );
