import fc from 'fast-check';
import type { Lease, LeaseStore } from '../../src/app/ports/lease-store';

const LONG = 60_000;
const SHORT = 250;

export interface LeaseStoreKind {
  /** The stores of two nodes over the same new leases. */
  readonly open: () => Promise<readonly [LeaseStore, LeaseStore]>;
  /** Resolves when this time has gone by. */
  readonly pass: (ms: number) => Promise<void>;
}

/** What every lease store guarantees. */
export function describeLeaseStore(name: string, { open, pass }: LeaseStoreKind): void {
  describe(name, () => {
    let store: LeaseStore;
    let other: LeaseStore;
    beforeEach(async () => {
      [store, other] = await open();
    });
    afterEach(async () => {
      await store.close();
      await other.close();
    });

    describe('take', () => {
      test('M9 a free lease is taken, and all nodes see its holder', async () => {
        expect(await store.find('k')).toBeNull();
        expect(await store.take('k', 'a', { ttlMs: LONG, value: 'naïve — 音楽\n{}' })).toEqual({
          holder: 'a',
          value: 'naïve — 音楽\n{}',
        });
        expect(await other.find('k')).toEqual({ holder: 'a', value: 'naïve — 音楽\n{}' });
        expect(await other.find('another')).toBeNull();
      });

      test('M9 a lease of another holder is not taken, and the answer names that holder', async () => {
        await store.take('k', 'a', { ttlMs: LONG, value: 'of a' });
        expect(await other.take('k', 'b', { ttlMs: LONG, value: 'of b' })).toEqual({
          holder: 'a',
          value: 'of a',
        });
        expect(await store.find('k')).toEqual({ holder: 'a', value: 'of a' });
      });

      test('M9 a holder may take it again; a value is replaced where one is given', async () => {
        expect(await store.take('k', 'a', { ttlMs: LONG })).toEqual({ holder: 'a', value: '' });
        expect(await store.take('k', 'a', { ttlMs: LONG, value: 'one' })).toEqual({
          holder: 'a',
          value: 'one',
        });
        expect(await store.take('k', 'a', { ttlMs: LONG })).toEqual({ holder: 'a', value: 'one' });
        expect(await store.take('k', 'a', { ttlMs: LONG, value: '' })).toEqual({ holder: 'a', value: '' });
      });

      test('M9 S4 it is taken over from the named holder, with its value', async () => {
        await store.take('k', 'a', { ttlMs: LONG, value: 'left by a' });
        expect((await other.take('k', 'b', { ttlMs: LONG, from: 'c' })).holder).toBe('a');
        expect(await other.take('k', 'b', { ttlMs: LONG, from: 'a' })).toEqual({
          holder: 'b',
          value: 'left by a',
        });
        expect((await store.take('k', 'a', { ttlMs: LONG })).holder).toBe('b');
        expect(await store.take('k', 'a', { ttlMs: LONG, from: 'b', value: 'new' })).toEqual({
          holder: 'a',
          value: 'new',
        });
      });

      test('M9 S4 from a holder who has written since, it is not taken', async () => {
        await store.take('k', 'a', { ttlMs: LONG, value: 'one' });
        await store.renew('a', [{ key: 'k', value: 'two' }], LONG);
        expect(await other.take('k', 'b', { ttlMs: LONG, from: 'a', unlessChanged: 'one' })).toEqual({
          holder: 'a',
          value: 'two',
        });
        expect(await other.take('k', 'b', { ttlMs: LONG, from: 'a', unlessChanged: 'two' })).toEqual({
          holder: 'b',
          value: 'two',
        });
        // Its own holder may take it again, whatever is written there.
        expect((await other.take('k', 'b', { ttlMs: LONG, unlessChanged: 'one' })).holder).toBe('b');
      });

      test('M9 a free lease is taken, whichever holder was named', async () => {
        expect(await store.take('k', 'b', { ttlMs: LONG, from: 'a' })).toEqual({ holder: 'b', value: '' });
      });

      test('M9 [M9.1] of fifty concurrent takers exactly one has it, and all get the holder’s name', async () => {
        for (let round = 0; round < 5; round++) {
          const racing = Array.from({ length: 50 }, (_, n) =>
            (n % 2 ? store : other).take(`k${round}`, `h${n}`, { ttlMs: LONG, value: `n${n}` }),
          );
          const answers = await Promise.all(racing);
          const [first] = answers;
          expect(new Set(answers.map(({ holder, value }) => `${holder} ${value}`)).size).toBe(1);
          expect(first?.value).toBe(first?.holder.replace('h', 'n'));
        }
      });

      test('M9 S4 of fifty concurrent takeovers from one holder exactly one succeeds', async () => {
        await store.take('k', 'old', { ttlMs: LONG });
        const racing = Array.from({ length: 50 }, (_, n) =>
          (n % 2 ? store : other).take('k', `h${n}`, { ttlMs: LONG, from: 'old' }),
        );
        const answers = await Promise.all(racing);
        expect(new Set(answers.map(({ holder }) => holder)).size).toBe(1);
        expect(answers.filter(({ holder }, n) => holder === `h${n}`)).toHaveLength(1);
      });
    });

    describe('time', () => {
      test('M9 an expired lease is free and has no value', async () => {
        await store.take('k', 'a', { ttlMs: SHORT, value: 'old' });
        await pass(SHORT + 50);
        expect(await store.find('k')).toBeNull();
        expect(await other.take('k', 'b', { ttlMs: LONG })).toEqual({ holder: 'b', value: '' });
      });

      test('M9 taking it again gives the whole time; a rejected take gives none', async () => {
        await store.take('k', 'a', { ttlMs: SHORT });
        await store.take('again', 'a', { ttlMs: SHORT });
        await other.take('k', 'b', { ttlMs: LONG });
        await store.take('again', 'a', { ttlMs: LONG });
        await pass(SHORT + 50);
        expect(await store.find('k')).toBeNull();
        expect((await store.find('again'))?.holder).toBe('a');
      });

      test('M9 what is renewed goes on, what is not runs out', async () => {
        await store.take('k', 'a', { ttlMs: SHORT, value: 'kept' });
        await store.take('left', 'a', { ttlMs: SHORT });
        expect(await store.renew('a', [{ key: 'k' }], LONG)).toEqual([]);
        await pass(SHORT + 50);
        expect(await store.find('k')).toEqual({ holder: 'a', value: 'kept' });
        expect(await store.find('left')).toBeNull();
      });
    });

    describe('renew', () => {
      test('M9 names the leases of other holders, and leaves them as they are', async () => {
        await store.take('mine', 'a', { ttlMs: LONG, value: 'mine' });
        await other.take('theirs', 'b', { ttlMs: SHORT, value: 'theirs' });
        const renewals = [{ key: 'mine' }, { key: 'theirs', value: 'taken' }];
        expect(await store.renew('a', renewals, LONG)).toEqual(['theirs']);
        expect(await store.find('theirs')).toEqual({ holder: 'b', value: 'theirs' });
        await pass(SHORT + 50);
        expect(await store.find('theirs')).toBeNull();
      });

      test('M9 S4 a lease that has run out is made anew where a value is given, and else lost', async () => {
        await store.take('valued', 'a', { ttlMs: SHORT, value: 'before' });
        await store.take('bare', 'a', { ttlMs: SHORT, value: 'before' });
        await pass(SHORT + 50);
        const renewals = [{ key: 'valued', value: 'after' }, { key: 'bare' }, { key: 'empty', value: '' }];
        expect(await store.renew('a', renewals, LONG)).toEqual(['bare']);
        expect(await other.find('valued')).toEqual({ holder: 'a', value: 'after' });
        expect(await other.find('bare')).toBeNull();
        expect(await other.find('empty')).toEqual({ holder: 'a', value: '' });
      });

      test('M9 a value takes the place of the one before, and undefined leaves it', async () => {
        for (const key of ['x', 'y']) await store.take(key, 'a', { ttlMs: LONG, value: 'before' });
        const renewals = [
          { key: 'x', value: 'after' },
          { key: 'y', value: undefined },
        ];
        expect(await store.renew('a', renewals, LONG)).toEqual([]);
        expect((await store.find('x'))?.value).toBe('after');
        expect((await store.find('y'))?.value).toBe('before');
      });

      test('M9 thousands at once are answered each for itself, in their order', async () => {
        const keys = Array.from({ length: 3_000 }, (_, n) => `k${n}`);
        const made = keys.filter((_, n) => n % 7 !== 0).map((key) => ({ key, value: key }));
        expect(await store.renew('a', made, LONG)).toEqual([]);
        const lost = keys.filter((_, n) => n % 7 === 0);
        expect(
          await store.renew(
            'a',
            keys.map((key) => ({ key })),
            LONG,
          ),
        ).toEqual(lost);
        expect(await other.find('k2999')).toEqual({ holder: 'a', value: 'k2999' });
        expect(await store.renew('a', [], LONG)).toEqual([]);
      });

      test('M9 of many concurrent renewals of a lost lease one succeeds', async () => {
        const racing = Array.from({ length: 20 }, (_, n) =>
          (n % 2 ? store : other).renew(`h${n}`, [{ key: 'k', value: `n${n}` }], LONG),
        );
        const winners = (await Promise.all(racing)).flatMap((lost, n) => (lost.length === 0 ? [n] : []));
        expect(winners).toHaveLength(1);
        expect(await store.find('k')).toEqual({ holder: `h${winners[0]}`, value: `n${winners[0]}` });
      });
    });

    describe('release', () => {
      test('M9 gives it up with its value', async () => {
        await store.take('k', 'a', { ttlMs: LONG, value: 'old' });
        await store.release('k', 'a');
        expect(await other.find('k')).toBeNull();
        expect(await other.take('k', 'b', { ttlMs: LONG })).toEqual({ holder: 'b', value: '' });
      });

      test('M9 does nothing when another holder has it, or it is free', async () => {
        await store.take('k', 'a', { ttlMs: LONG, value: 'of a' });
        await other.release('k', 'b');
        await other.release('nothing', 'b');
        expect(await store.find('k')).toEqual({ holder: 'a', value: 'of a' });
      });
    });

    test('M9 whatever is done in whatever order, leases are as the port says', async () => {
      const holder = fc.constantFrom('a', 'b', 'c');
      const key = fc.constantFrom('x', 'y');
      const value = fc.constantFrom(undefined, '', 'one', 'two');
      const step = fc.oneof(
        fc.record({
          kind: fc.constant('take' as const),
          key,
          holder,
          value,
          from: fc.option(holder, { nil: undefined }),
        }),
        fc.record({ kind: fc.constant('renew' as const), key, holder, value }),
        fc.record({ kind: fc.constant('release' as const), key, holder }),
      );
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const run = runs++;
          const model = new Map<string, Lease>();
          for (const done of steps) {
            const own = `${run} ${done.key}`;
            const before = model.get(own);
            if (done.kind === 'take') {
              const free =
                before === undefined || before.holder === done.holder || before.holder === done.from;
              const after = free ? { holder: done.holder, value: done.value ?? before?.value ?? '' } : before;
              model.set(own, after);
              const { from, value: written } = done;
              expect(await store.take(own, done.holder, { ttlMs: LONG, from, value: written })).toEqual(
                after,
              );
            } else if (done.kind === 'renew') {
              const holds = before === undefined ? done.value !== undefined : before.holder === done.holder;
              if (holds) model.set(own, { holder: done.holder, value: done.value ?? before?.value ?? '' });
              const renewed = await other.renew(done.holder, [{ key: own, value: done.value }], LONG);
              expect(renewed).toEqual(holds ? [] : [own]);
            } else {
              if (before?.holder === done.holder) model.delete(own);
              await store.release(own, done.holder);
            }
            expect(await other.find(own)).toEqual(model.get(own) ?? null);
          }
        }),
        { numRuns: 60 },
      );
    });

    test('M9 a closed store rejects requests; the others go on', async () => {
      await store.take('k', 'a', { ttlMs: LONG });
      await store.close();
      await store.close();
      await expect(store.find('k')).rejects.toThrow('closed');
      await expect(store.take('k', 'a', { ttlMs: LONG })).rejects.toThrow('closed');
      await expect(store.renew('a', [], LONG)).rejects.toThrow('closed');
      await expect(store.release('k', 'a')).rejects.toThrow('closed');
    });
  });
}
