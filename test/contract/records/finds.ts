import { reportModel, userModel } from '../../../src/records/models';
import { InvalidRecord } from '../../../src/records/store/record-store';
import { AT, report, user } from '../../support/records';
import { ids, range, type Collections } from './collections';

export function findContract(of: Collections): void {
  const users = () => of(userModel);
  describe('find', () => {
    beforeEach(async () => {
      const blockedUsers = [
        { userId: 'x', name: 'X', at: AT },
        { userId: 'y', name: 'Y', at: new Date(AT.getTime() + 5) },
      ];
      await users().insert(user('a', { interests: ['sea', 'tea'], country: 'DE', blockedUsers }));
      await users().insert(user('b', { interests: ['sea'], lastActiveAt: new Date(AT.getTime() + 1000) }));
      await users().insert(
        user('c', { sessionStats: { calls: 5, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 } }),
      );
    });
    const found = async (filter: Record<string, unknown>) => ids(await users().find(filter)).sort();

    test.each<[string, Record<string, unknown>, string[]]>([
      ['nothing asked', {}, ['a', 'b', 'c']],
      ['equality', { country: 'DE' }, ['a']],
      ['$eq', { country: { $eq: 'DE' } }, ['a']],
      ['null', { country: null }, ['b', 'c']],
      ['$ne', { country: { $ne: 'DE' } }, ['b', 'c']],
      ['$ne null', { country: { $ne: null } }, ['a']],
      ['$in', { _id: { $in: ['a', 'c', 'z'] } }, ['a', 'c']],
      ['$in of nothing', { _id: { $in: [] } }, []],
      ['$in with null', { country: { $in: [null, 'FR'] } }, ['b', 'c']],
      ['$nin', { _id: { $nin: ['a', 'c'] } }, ['b']],
      ['$nin with null', { country: { $nin: [null] } }, ['a']],
      ['$gt of a date', { lastActiveAt: { $gt: AT } }, ['b']],
      ['$gte of a date as a number', { lastActiveAt: { $gte: AT.getTime() } }, ['a', 'b', 'c']],
      ['$lt and $gte', { 'sessionStats.calls': { $gte: 1, $lt: 6 } }, ['c']],
      ['$lte', { 'sessionStats.calls': { $lte: 0 } }, ['a', 'b']],
      ['$lt never finds null', { expiresAt: { $lt: AT } }, []],
      ['$gt never finds null', { country: { $gt: '' } }, ['a']],
      ['$exists', { country: { $exists: true } }, ['a', 'b', 'c']],
      ['$exists of an empty array', { interests: { $exists: true } }, ['a', 'b', 'c']],
      ['$exists false', { country: { $exists: false } }, []],
      ['an element of an array', { interests: 'tea' }, ['a']],
      ['a whole array', { interests: ['sea'] }, ['b']],
      ['$in of elements', { interests: { $in: ['tea', 'x'] } }, ['a']],
      ['$ne: no element is equal', { interests: { $ne: 'tea' } }, ['b', 'c']],
      ['$nin: no element is in', { interests: { $nin: ['tea', 'sea'] } }, ['c']],
      ['a field of elements', { 'blockedUsers.userId': 'x' }, ['a']],
      ['$ne of a field of elements', { 'blockedUsers.userId': { $ne: 'x' } }, ['b', 'c']],
      ['$elemMatch', { blockedUsers: { $elemMatch: { userId: 'y', at: { $gt: AT } } } }, ['a']],
      ['$elemMatch of one element', { blockedUsers: { $elemMatch: { userId: 'x', at: { $gt: AT } } } }, []],
      ['$or', { $or: [{ country: 'DE' }, { 'sessionStats.calls': 5 }] }, ['a', 'c']],
      ['$and', { $and: [{ interests: 'sea' }, { interests: 'tea' }] }, ['a']],
      ['$or beside a field', { interests: 'sea', $or: [{ _id: 'b' }, { _id: 'c' }] }, ['b']],
      ['two conditions on a field', { _id: { $ne: 'a', $in: ['a', 'b'] } }, ['b']],
    ])('T4 %s', async (_what, filter, expected) => {
      expect(await found(filter)).toEqual(expected);
      expect(await users().count(filter)).toBe(expected.length);
    });

    test('T4 sorts by several fields either way, skips and limits', async () => {
      for (const index of range(12)) {
        const createdAt = new Date(AT.getTime() + index);
        await of(reportModel).insert(
          report(`${index}`.padStart(2, '0'), { priority: ((index % 4) + 1) as 1, createdAt }),
        );
      }
      const sort = { priority: -1, createdAt: 1 } as const;
      const page = async (skip: number, limit?: number) =>
        ids(
          await of(reportModel).find(
            { status: 'pending' },
            { sort, skip, ...(limit === undefined ? {} : { limit }) },
          ),
        );
      expect(await page(0, 4)).toEqual(['03', '07', '11', '02']);
      expect(await page(4, 4)).toEqual(['06', '10', '01', '05']);
      expect(await page(10)).toEqual(['04', '08']);
      expect(await page(12, 5)).toEqual([]);
      expect((await of(reportModel).findOne({}, { sort: { createdAt: -1 } }))?._id).toBe('11');
    });

    test('T4 findOne and get answer with null where nothing fits', async () => {
      expect(await users().findOne({ country: 'FR' })).toBeNull();
      expect(await users().get('nobody')).toBeNull();
    });

    test.each([
      ['an unknown field', { nope: 1 }],
      ['an unknown operator', { username: { $regex: 'a' } }],
      ['code', { $where: 'true' }],
      ['an undefined value', { username: undefined }],
      ['what is no date', { createdAt: { $gt: 'never' } }],
    ])('T4 rejects a query for %s', async (_what, filter) => {
      await expect(users().find(filter)).rejects.toThrow(InvalidRecord);
      await expect(users().update(filter, { $set: { username: 'x' } })).rejects.toThrow(InvalidRecord);
      await expect(users().delete(filter)).rejects.toThrow(InvalidRecord);
      expect(await users().count({})).toBe(3);
    });
  });
}
