import { reportModel, userModel } from '../../../src/records/models';
import { DuplicateRecord } from '../../../src/records/store/record-store';
import { report, user } from '../../support/records';
import { range, type Collections } from './collections';

export function uniqueContract(of: Collections): void {
  const users = () => of(userModel);
  describe('unique indexes', () => {
    const account = (id: string, emailKey: string) => user(id, { isAnonymous: false, emailKey });

    test('A2 an e-mail address belongs to one account, however many guests have none', async () => {
      await users().insert(account('a', 'a@example.com'));
      await users().insert(user('g1'));
      await users().insert(user('g2', { emailKey: 'a@example.com' }));
      await expect(users().insert(account('b', 'a@example.com'))).rejects.toThrow(DuplicateRecord);
      await expect(users().update({ _id: 'g2' }, { $set: { isAnonymous: false } })).rejects.toThrow(
        DuplicateRecord,
      );
      expect((await users().get('g2'))?.isAnonymous).toBe(true);
      await users().update({ _id: 'a' }, { $set: { emailKey: 'new@example.com' } });
      expect((await users().insert(account('b', 'a@example.com')))._id).toBe('b');
      await users().delete({ _id: 'b' });
      expect((await users().insert(account('c', 'a@example.com')))._id).toBe('c');
    });

    test('R1 [R1.1] a reporter counts once per call', async () => {
      const same = { reporterId: 'r', sessionId: 's' };
      await of(reportModel).insert(report('1', same));
      await expect(of(reportModel).insert(report('2', same))).rejects.toThrow(DuplicateRecord);
      await of(reportModel).insert(report('3', { ...same, sessionId: 't' }));
      await of(reportModel).insert(report('4', { ...same, reporterId: 'q' }));
      expect(await of(reportModel).count({})).toBe(3);
    });

    test('A2 of 20 racing registrations of one address one wins', async () => {
      const racing = range(20).map((index) => users().insert(account(`u${index}`, 'same@example.com')));
      const ended = await Promise.allSettled(racing);
      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of ended)
        if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(DuplicateRecord);
      expect(await users().count({})).toBe(1);
    });
  });
}
