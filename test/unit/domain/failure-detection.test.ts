import fc from 'fast-check';
import {
  DEAD_AFTER_MS,
  isDead,
  mayHaveBeenDeclaredDead,
  UNHEARD_DEAD_AFTER_MS,
} from '../../../src/domain/failure-detection';

const age = fc.option(fc.nat(20_000), { nil: null });

test('M9 a node that gave a sign of life lately is never dead, however late its messages are', () => {
  fc.assert(
    fc.property(age, fc.nat(UNHEARD_DEAD_AFTER_MS - 1), fc.boolean(), (watchedMs, silentMs, isUnheard) => {
      expect(isDead({ watchedMs, silentMs }, isUnheard)).toBe(false);
    }),
  );
});

test('M9 a node that has not watched for long enough never declares another one dead', () => {
  const short = fc.option(fc.nat(DEAD_AFTER_MS - 1), { nil: null });
  fc.assert(
    fc.property(short, age, fc.boolean(), (watchedMs, silentMs, isUnheard) => {
      expect(isDead({ watchedMs, silentMs }, isUnheard)).toBe(false);
    }),
  );
});

test('M9 a silent node is dead within 2 s, and within 1 s when nobody listens on its channel', () => {
  const watchedMs = DEAD_AFTER_MS;
  expect(isDead({ watchedMs, silentMs: DEAD_AFTER_MS - 1 }, false)).toBe(false);
  expect(isDead({ watchedMs, silentMs: DEAD_AFTER_MS }, false)).toBe(true);
  expect(isDead({ watchedMs, silentMs: UNHEARD_DEAD_AFTER_MS }, true)).toBe(true);
  expect(isDead({ watchedMs, silentMs: null }, false)).toBe(true);
});

test('M7 a node is told of each gap in which another one may have declared it dead', () => {
  fc.assert(
    fc.property(age, fc.nat(20_000), fc.boolean(), (gapMs, watchedMs, isUnheard) => {
      if (isDead({ watchedMs, silentMs: gapMs }, isUnheard))
        expect(mayHaveBeenDeclaredDead(gapMs)).toBe(true);
    }),
  );
});
