import { banModel, subscriptionModel, userModel } from '../../../src/records/models';
import { DuplicateRecord, InvalidRecord } from '../../../src/records/store/record-store';
import { ban, subscription, user } from '../../support/records';
import { range, type Collections } from './collections';

export function upsertContract(of: Collections): void {
  const users = () => of(userModel);
  describe('upsert', () => {
    const fields = { ...subscription('s'), _id: undefined };
    Reflect.deleteProperty(fields, '_id');
    const upsert = (id: string, update: object) =>
      of(subscriptionModel).update({ _id: id }, update, { upsert: true });

    test('P1 makes a record of filter, update, $setOnInsert and defaults, and changes it the next time', async () => {
      const update = {
        $setOnInsert: { ...fields, userId: 's' },
        $inc: { 'usage.dayMs': 5 },
      };
      const made = await upsert('s', update);
      expect(made).toMatchObject({
        ...subscription('s'),
        usage: { day: '', dayMs: 5, month: '', monthMs: 0, totalMs: 0 },
        provider: 'none',
        trialUsedAt: null,
      });
      expect(await of(subscriptionModel).get('s')).toEqual(made);
      const again = { ...update, $setOnInsert: { ...fields, userId: 's', planId: 'premium' } };
      expect(await upsert('s', again)).toMatchObject({
        planId: 'free',
        usage: { dayMs: 10 },
      });
    });

    test('T4 makes arrays of what is added', async () => {
      const { _id, ...given } = user('a');
      const update = {
        $set: given,
        $addToSet: { interests: { $each: ['sea', 'tea', 'sea'] } },
        $push: {
          countedCalls: { $each: ['1', '2', '3'], $slice: -2 },
          'preferences.wantedGenders': 'female',
        },
        $max: { 'sessionStats.longestMs': 7 },
      };
      expect(await users().update({ _id }, update, { upsert: true })).toMatchObject({
        interests: ['sea', 'tea'],
        countedCalls: ['2', '3'],
        preferences: { mode: 'video', wantedGenders: ['female'] },
        sessionStats: { calls: 0, longestMs: 7 },
      });
    });

    test('T4 takes the fields that the filter says', async () => {
      const { _id, subjects, createdAt } = ban('b');
      const made = await of(banModel).update(
        { reason: 'scam', by: { $eq: 'reports' }, $and: [{ liftedAt: null }] },
        { $set: { subjects, createdAt }, $setOnInsert: { _id } },
        { upsert: true },
      );
      expect(made).toMatchObject({ _id: 'b', reason: 'scam', by: 'reports', liftedAt: null, note: '' });
    });

    test('T4 rejects a record without an id or a required field', async () => {
      await expect(upsert('s', { $set: { planId: 'free' } })).rejects.toThrow(InvalidRecord);
      const withoutId = of(subscriptionModel).update(
        { userId: 's' },
        { $set: { ...fields, userId: 's' } },
        { upsert: true },
      );
      await expect(withoutId).rejects.toThrow(InvalidRecord);
      expect(await of(subscriptionModel).count({})).toBe(0);
    });

    test('T4 of 20 racing upserts one makes the record and all count', async () => {
      const racing = range(20).map(() =>
        upsert('s', { $setOnInsert: { ...fields, userId: 's' }, $inc: { 'usage.dayMs': 1 } }),
      );
      await Promise.all(racing);
      expect((await of(subscriptionModel).get('s'))?.usage.dayMs).toBe(20);
      expect(await of(subscriptionModel).count({})).toBe(1);
    });

    test('T4 rejects when another record has its unique fields', async () => {
      await upsert('s', { $setOnInsert: { ...fields, userId: 's' } });
      await expect(upsert('t', { $setOnInsert: { ...fields, userId: 's' } })).rejects.toThrow(
        DuplicateRecord,
      );
      expect(await of(subscriptionModel).count({})).toBe(1);
    });
  });
}
