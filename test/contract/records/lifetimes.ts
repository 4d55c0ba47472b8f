import { setTimeout as wait } from 'node:timers/promises';
import { logInModel, userModel } from '../../../src/records/models';
import { logIn, user } from '../../support/records';
import { ids, type Collections } from './collections';

export function lifetimeContract(of: Collections): void {
  const users = () => of(userModel);
  describe('lifetimes', () => {
    const soon = () => new Date(Date.now() + 250);

    test('G2 a record past its end is never answered with, counted or changed', async () => {
      await of(logInModel).insert(logIn('1', { expiresAt: soon() }));
      await of(logInModel).insert(logIn('2'));
      expect(await of(logInModel).count({})).toBe(2);
      await wait(300);
      expect(await of(logInModel).get('1')).toBeNull();
      expect(ids(await of(logInModel).find({ userId: 'somebody' }))).toEqual(['2']);
      expect(await of(logInModel).count({})).toBe(1);
      expect(await of(logInModel).update({ _id: '1' }, { $set: { userAgent: 'x' } })).toBeNull();
      expect(await of(logInModel).updateMany({}, { $set: { userAgent: 'x' } })).toBe(1);
    });

    test('G2 a record past its end does not conflict with a new one', async () => {
      await of(logInModel).insert(logIn('1', { expiresAt: soon() }));
      await of(logInModel).insert(logIn('2', { expiresAt: soon(), userAgent: 'old' }));
      await wait(300);
      await of(logInModel).insert(logIn('3', { tokenHash: 'hash of 1' }));
      const { _id, ...fields } = logIn('2');
      const made = await of(logInModel).update({ _id }, { $set: fields }, { upsert: true });
      expect(made?.userAgent).toBe('');
      expect(await of(logInModel).count({})).toBe(2);
    });

    test('G2 a record without an end stays', async () => {
      await users().insert(user('account', { expiresAt: null }));
      await wait(20);
      expect(await users().get('account')).not.toBeNull();
    });
  });
}
