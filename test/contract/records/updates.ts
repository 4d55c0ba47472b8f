import { callModel, userModel } from '../../../src/records/models';
import { InvalidRecord } from '../../../src/records/store/record-store';
import { AT, call, user } from '../../support/records';
import { ids, range, type Collections } from './collections';

export function updateContract(of: Collections): void {
  const users = () => of(userModel);
  const calls = () => of(callModel);
  describe('update', () => {
    beforeEach(
      async () => void (await users().insert(user('a', { interests: ['sea'], countedCalls: ['1'] }))),
    );
    const changed = async (update: object) => users().update({ _id: 'a' }, update);

    test('T4 answers with the record as it is afterwards', async () => {
      const after = await changed({ $set: { username: 'New', 'preferences.mode': 'text', country: 'FR' } });
      expect(after).toMatchObject({
        username: 'New',
        country: 'FR',
        preferences: { mode: 'text', blurFirst: true },
      });
      expect(await users().get('a')).toEqual(after);
    });

    test('T4 carries out every operator at once', async () => {
      await changed({ $set: { 'sessionStats.longestMs': 10, 'sessionStats.talkedMs': 10 } });
      const after = await changed({
        $inc: { 'sessionStats.calls': 2, 'sessionStats.skipped': -1 },
        $max: { 'sessionStats.longestMs': 20 },
        $min: { 'sessionStats.talkedMs': 20 },
        $push: { countedCalls: { $each: ['2', '3', '4'], $slice: -3 } },
        $addToSet: { interests: { $each: ['sea', 'tea'] } },
        $unset: { country: true },
        $set: { lastActiveAt: new Date(AT.getTime() + 1) },
      });
      expect(after).toMatchObject({
        sessionStats: { calls: 2, skipped: -1, longestMs: 20, talkedMs: 10 },
        countedCalls: ['2', '3', '4'],
        interests: ['sea', 'tea'],
        lastActiveAt: new Date(AT.getTime() + 1),
      });
      expect(after).not.toHaveProperty('country');
    });

    test('T4 adds to and takes from arrays of parts', async () => {
      const block = (userId: string) => ({ userId, name: 'N', at: AT });
      await changed({ $push: { blockedUsers: { $each: [block('x'), block('y')] } } });
      expect((await changed({ $addToSet: { blockedUsers: block('x') } }))?.blockedUsers).toHaveLength(2);
      expect((await changed({ $pull: { blockedUsers: { userId: 'x' } } }))?.blockedUsers).toEqual([
        block('y'),
      ]);
      expect((await changed({ $pull: { interests: { $in: ['sea', 'x'] } } }))?.interests).toEqual([]);
      expect((await changed({ $push: { interests: 'tea' } }))?.interests).toEqual(['tea']);
      expect((await changed({ $pull: { interests: 'tea' } }))?.interests).toEqual([]);
    });

    test('T4 $max and $min take dates, and $max takes one over null', async () => {
      const [early, late] = [new Date(AT.getTime() - 5), new Date(AT.getTime() + 3_600_000_000)];
      expect((await changed({ $max: { lastActiveAt: early } }))?.lastActiveAt).toEqual(AT);
      expect((await changed({ $max: { lastActiveAt: late } }))?.lastActiveAt).toEqual(late);
      expect((await changed({ $min: { lastActiveAt: early } }))?.lastActiveAt).toEqual(early);
    });

    test('T4 fills in the defaults of parts that are added', async () => {
      await calls().insert(call('c'));
      const after = await calls().update({ _id: 'c' }, { $push: { issues: { at: AT, code: 'slow' } } });
      expect(after?.issues).toEqual([{ at: AT, code: 'slow', userId: null }]);
    });

    test('T4 answers with null where nothing fits, and changes nothing', async () => {
      expect(await users().update({ _id: 'a', username: 'Other' }, { $set: { username: 'x' } })).toBeNull();
      expect((await users().get('a'))?.username).toBe('CoolPanda1234');
    });

    test.each<[string, object]>([
      ['an unknown field', { $set: { nope: 1 } }],
      ['an unknown field inside', { $set: { 'preferences.nope': 1 } }],
      ['an unknown operator', { $rename: { username: 'country' } }],
      ['a field without an operator', { username: 'x' }],
      ['a value outside its set', { $set: { gender: 'x' } }],
      ['a value outside its set in an array', { $push: { 'preferences.wantedGenders': 'x' } }],
      ['a required field set to null', { $set: { username: null } }],
      ['a required field taken away', { $unset: { username: true } }],
      ['an undefined value', { $set: { username: undefined } }],
      ['a part that lacks a field', { $push: { blockedUsers: { userId: 'x' } } }],
      [
        'a part with an unknown field',
        { $push: { blockedUsers: { userId: 'x', name: 'N', at: AT, nope: 1 } } },
      ],
      ['a sum of what is no number', { $inc: { username: 1 } }],
      ['a sum with what is no number', { $inc: { 'sessionStats.calls': 'x' } }],
      ['too long a text', { $set: { username: 'x'.repeat(501) } }],
      ['a new id', { $set: { _id: 'b' } }],
      ['one field twice', { $set: { username: 'x' }, $setOnInsert: { username: 'y' } }],
      [
        'a field and a part of it',
        { $set: { preferences: { mode: 'text' }, 'preferences.blurFirst': false } },
      ],
      ['what is no date', { $max: { lastActiveAt: 'never' } }],
    ])('T4 rejects %s and changes nothing', async (_what, update) => {
      const before = await users().get('a');
      await expect(users().update({ _id: 'a' }, update)).rejects.toThrow(InvalidRecord);
      await expect(users().updateMany({}, update)).rejects.toThrow(InvalidRecord);
      expect(await users().get('a')).toEqual(before);
    });

    test('T4 of 20 racing updates whose filter fits once exactly one wins', async () => {
      const racing = range(20).map((index) =>
        users().update({ _id: 'a', country: null }, { $set: { country: 'DE', username: `winner${index}` } }),
      );
      const won = (await Promise.all(racing)).filter((answer) => answer !== null);
      expect(won).toHaveLength(1);
      expect(await users().get('a')).toEqual(won[0]);
    });

    test('T4 20 racing sums all count, and what counts once counts once', async () => {
      await Promise.all(range(20).map(() => changed({ $inc: { 'sessionStats.calls': 1 } })));
      expect((await users().get('a'))?.sessionStats.calls).toBe(20);
      const once = () =>
        users().update(
          { _id: 'a', countedCalls: { $ne: 'this call' } },
          {
            $inc: { 'sessionStats.skipped': 1 },
            $push: { countedCalls: { $each: ['this call'], $slice: -50 } },
          },
        );
      await Promise.all(range(10).map(once));
      expect((await users().get('a'))?.sessionStats.skipped).toBe(1);
    });

    test('T4 updateMany changes all that fit, and says how many', async () => {
      await users().insert(user('b'));
      await users().insert(user('c', { country: 'DE' }));
      expect(await users().updateMany({ country: null }, { $set: { username: 'Many' } })).toBe(2);
      expect(await users().count({ username: 'Many' })).toBe(2);
      expect(await users().updateMany({ country: 'FR' }, { $set: { username: 'None' } })).toBe(0);
    });

    test('T4 delete deletes all that fit, and says how many', async () => {
      await users().insert(user('b'));
      expect(await users().delete({ interests: 'sea' })).toBe(1);
      expect(await users().delete({ interests: 'sea' })).toBe(0);
      expect(ids(await users().find({}))).toEqual(['b']);
    });
  });
}
