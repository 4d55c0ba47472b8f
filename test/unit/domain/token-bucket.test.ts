import fc from 'fast-check';
import { fullBucket, takeToken } from '../../../src/domain/token-bucket';

test('S5 M8 a bucket never gives more than its burst and its rate allow, whatever the times', () => {
  fc.assert(
    fc.property(
      fc.record({
        burst: fc.integer({ min: 1, max: 20 }),
        perSecond: fc.double({ min: 0.1, max: 50, noNaN: true }),
      }),
      fc.array(fc.integer({ min: -500, max: 3000 }), { maxLength: 200 }),
      (limit, steps) => {
        let now = 1_000_000;
        const start = now;
        let latest = now;
        let pace = fullBucket(limit, now);
        let taken = 0;
        for (const step of steps) {
          now += step;
          latest = Math.max(latest, now);
          const result = takeToken(pace, limit, now);
          pace = result.bucket;
          if (result.waitMs === 0) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(limit.burst + ((latest - start) / 1000) * limit.perSecond + 1e-6);
      },
    ),
  );
});

test('M8 the wait that is stated is the wait that is needed', () => {
  const limit = { burst: 2, perSecond: 1 / 5 };
  let pace = fullBucket(limit, 0);
  for (let i = 0; i < 2; i += 1) pace = takeToken(pace, limit, 0).bucket;
  const { waitMs, bucket: after } = takeToken(pace, limit, 1000);
  expect(waitMs).toBe(4000);
  expect(takeToken(after, limit, 1000 + waitMs - 1).waitMs).toBe(1);
  expect(takeToken(after, limit, 1000 + waitMs).waitMs).toBe(0);
});
