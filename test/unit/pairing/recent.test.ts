import fc from 'fast-check';
import { areRecent, RECENT_MS } from '../../../src/domain/pairing';
import { met } from '../../support/pairing-oracle';
import { ELAPSED_AT_START } from '../../support/manual-clock';
import { ticket, wishesArbitrary } from '../../support/tickets';

const now = ELAPSED_AT_START;
const others = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ peerId: `x${index}`, at: now }));

describe('recent partners', () => {
  test('M2 either list counts', () => {
    const a = ticket('a', { recent: [{ peerId: 'b', at: now - 1 }] });
    expect(areRecent(a, ticket('b'), now)).toBe(true);
    expect(areRecent(ticket('b'), a, now)).toBe(true);
    expect(areRecent(a, ticket('c'), now)).toBe(false);
  });

  test('M2 one of the last five counts however long ago it was', () => {
    const longAgo = { peerId: 'b', at: now - 100 * RECENT_MS };
    expect(areRecent(ticket('a', { recent: [...others(4), longAgo] }), ticket('b'), now)).toBe(true);
    expect(areRecent(ticket('a', { recent: [...others(5), longAgo] }), ticket('b'), now)).toBe(false);
  });

  test('M2 the last 30 minutes count however many came since', () => {
    const at = (ago: number) => ticket('a', { recent: [...others(20), { peerId: 'b', at: now - ago }] });
    expect(areRecent(at(RECENT_MS - 1), ticket('b'), now)).toBe(true);
    expect(areRecent(at(RECENT_MS), ticket('b'), now)).toBe(false);
  });

  test('M2 recent is what the specification says, over random lists', () => {
    fc.assert(
      fc.property(wishesArbitrary, wishesArbitrary, (one, other) => {
        const [a, b] = [ticket('p0', one), ticket('p1', other)];
        expect(areRecent(a, b, now)).toBe(met(a, b, now));
      }),
      { numRuns: 2_000 },
    );
  });
});
