import fc from 'fast-check';
import { guestLimits, Headcount } from '../../../src/domain/guest-limits';
import { fullBucket, takeToken, type RateLimit, type TokenBucket } from '../../../src/domain/token-bucket';

const PEER = { skips: { burst: 6, perSecond: 0.2 }, messages: { burst: 15, perSecond: 4 } };

/** A bucket that counts as the product does. */
function counter(limit: RateLimit): (now: number) => boolean {
  let bucket: TokenBucket = fullBucket(limit, 0);
  return (now) => {
    const taken = takeToken(bucket, limit, now);
    bucket = taken.bucket;
    return taken.waitMs === 0;
  };
}

/** What the people of a household try: when, after the last try (ms), and which of them. */
const tries = (people: number) =>
  fc.array(fc.record({ afterMs: fc.nat(4_000), who: fc.nat(people - 1) }), { maxLength: 400 });

test('M8 S8 S5 [S5.1] a household of ten who keep their own limits never waits for its address', () => {
  const limits = guestLimits({ address: 10, subnet: 300 }, PEER);
  const own = { search: { ...PEER.skips, burst: PEER.skips.burst + 1 }, message: PEER.messages };
  for (const action of ['search', 'message'] as const) {
    fc.assert(
      fc.property(tries(10), (tried) => {
        const people = Array.from({ length: 10 }, () => counter(own[action]));
        const places = [counter(limits[action].address), counter(limits[action].subnet)];
        let now = 0;
        for (const { afterMs, who } of tried) {
          now += afterMs;
          if (people[who]?.(now) === true) expect(places.map((take) => take(now))).toEqual([true, true]);
        }
      }),
    );
  }
});

test('M8 S8 R1 S5 a network never has less than one of its addresses, and no bucket holds less than one', () => {
  const guests = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(guests, guests, (address, subnet) => {
      for (const limits of Object.values(guestLimits({ address, subnet }, PEER))) {
        expect(limits.address.burst).toBeGreaterThanOrEqual(1);
        expect(limits.address.perSecond).toBeGreaterThan(0);
        expect(limits.subnet.burst).toBeGreaterThanOrEqual(limits.address.burst);
        expect(limits.subnet.perSecond).toBeGreaterThanOrEqual(limits.address.perSecond);
      }
    }),
  );
});

test('S7 no address and no network counts for more people than it has room for, and nobody else for fewer', () => {
  const place = fc.record({ address: fc.nat(30), subnet: fc.nat(4) });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 300 }), (places) => {
      const headcount = new Headcount({ address: 3, subnet: 20 });
      const bySubnet = new Map<number, Map<number, number>>();
      for (const { address, subnet } of places) {
        headcount.add({ address: `${subnet}.${address}`, subnet: `${subnet}` });
        const byAddress = bySubnet.get(subnet) ?? new Map<number, number>();
        bySubnet.set(subnet, byAddress.set(address, Math.min(3, (byAddress.get(address) ?? 0) + 1)));
      }
      const expected = [...bySubnet.values()].map((byAddress) =>
        Math.min(
          20,
          [...byAddress.values()].reduce((sum, n) => sum + n, 0),
        ),
      );
      expect(headcount.total).toBe(expected.reduce((sum, n) => sum + n, 0));
    }),
  );
});

test('S7 people of whom it is not known where they are count as they are', () => {
  const headcount = new Headcount({ address: 1, subnet: 1 });
  for (let n = 0; n < 5; n++) headcount.add({ address: null, subnet: null });
  expect(headcount.total).toBe(5);
});
