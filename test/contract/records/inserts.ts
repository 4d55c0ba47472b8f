import fc from 'fast-check';
import { auditModel, callModel, userModel, type AuditRecord } from '../../../src/records/models';
import { DuplicateRecord, InvalidRecord } from '../../../src/records/store/record-store';
import { AT, call, message, user } from '../../support/records';
import { ids, range, type Collections } from './collections';

/** Scripts of many kinds, half characters apart, what other languages take for syntax, and control characters. */
const ODD_TEXT = 'naïve — 音楽 \u{1F3B5} العربية $set {"$gt":""} a.b \u2028 \'"`\\ \t\n end';

const entry = (id: string, metadata: AuditRecord['metadata']) => ({
  _id: id,
  action: 'tried',
  timestamp: AT,
  expiresAt: new Date(Date.now() + 3_600_000),
  metadata,
});

export function insertContract(of: Collections): void {
  const users = () => of(userModel);
  const calls = () => of(callModel);
  describe('insert', () => {
    test('T4 answers with the whole record, its defaults filled in, as a plain object', async () => {
      const made = await users().insert(user('anna'));
      expect(made).toEqual({
        ...user('anna'),
        email: null,
        emailKey: null,
        passwordHash: null,
        logInGeneration: 0,
        keptLogInId: null,
        birthDate: null,
        gender: null,
        country: null,
        languages: [],
        interests: [],
        preferences: {
          mode: 'video',
          wantedGenders: [],
          wantedAgeBands: [],
          avoidCountries: [],
          blurFirst: true,
        },
        sessionStats: { calls: 0, talkedMs: 0, longestMs: 0, messagesSent: 0, skipped: 0 },
        blockedUsers: [],
        countedCalls: [],
        expiresAt: null,
      });
      expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
      expect(made.createdAt).toBeInstanceOf(Date);
      expect(await users().get('anna')).toEqual(made);
    });

    test('T4 keeps a whole call exactly', async () => {
      const whole = call('c', {
        status: 'connected',
        messages: [message('1', { content: ODD_TEXT }), message('2')],
        issues: [{ at: AT, code: 'ice_failed', userId: null }],
        reports: ['r'],
        quality: { connectionTimeMs: 12.5 },
        connectedAt: AT,
        duration: 3,
      });
      await calls().insert(whole);
      expect(await calls().get('c')).toEqual({
        ...whole,
        endedAt: null,
        endReason: null,
        endedBy: null,
      });
    });

    test('T4 casts what has another form of the same value', async () => {
      const given = { ...user('anna'), createdAt: AT.toISOString(), username: 7 } as unknown as ReturnType<
        typeof user
      >;
      const made = await users().insert(given);
      expect(made.createdAt).toEqual(AT);
      expect(made.username).toBe('7');
      expect(await users().count({ createdAt: AT.getTime() })).toBe(1);
    });

    test('T4 rejects a second record with the same id and keeps the first', async () => {
      await users().insert(user('anna'));
      await expect(users().insert(user('anna', { username: 'Other' }))).rejects.toThrow(DuplicateRecord);
      expect((await users().get('anna'))?.username).toBe('CoolPanda1234');
    });

    test.each<[string, object]>([
      ['an unknown field', { nope: 1 }],
      ['an unknown field inside', { preferences: { nope: 1 } }],
      ['a missing field', { username: undefined }],
      ['a value outside its set', { gender: 'x' }],
      ['a value outside its set, inside', { preferences: { mode: 'smell' } }],
      ['too long a text', { username: 'x'.repeat(501) }],
      ['what is no date', { createdAt: 'never' }],
      ['what is no number', { sessionStats: { calls: 'many' } }],
      ['a number below its least', { sessionStats: { calls: -1 } }],
      ['a number that is none', { sessionStats: { calls: Infinity } }],
      ['a text of the wrong form', { country: 'germany' }],
      ['an object in place of a text', { username: { $gt: '' } }],
    ])('T4 rejects %s and writes nothing', async (_what, change) => {
      const given = { ...user('anna'), ...change };
      await expect(users().insert(given)).rejects.toThrow(InvalidRecord);
      expect(await users().count({})).toBe(0);
    });

    test('T4 says which fields are invalid, never their values', async () => {
      const given = user('anna', { username: 'secret'.repeat(100), country: 'secret' });
      const error: unknown = await users()
        .insert(given)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        collection: 'users',
        paths: expect.arrayContaining(['username', 'country']),
      });
      expect((error as Error).message).not.toContain('secret');
    });

    test('T4 keeps flat facts of any name, but none with a dot or a dollar', async () => {
      const facts = { zahl: 1.5, ja: true, nichts: null, text: ODD_TEXT, größe: -0.25 };
      await of(auditModel).insert(entry('1', facts));
      expect((await of(auditModel).get('1'))?.metadata).toEqual(facts);
      await expect(of(auditModel).insert(entry('2', { 'a.b': 1 }))).rejects.toThrow(InvalidRecord);
      await expect(of(auditModel).insert(entry('3', { $a: 1 }))).rejects.toThrow(InvalidRecord);
    });

    test('T4 keeps any text in any field, and finds it again by it', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), async (text) => {
          // PostgreSQL, on which a compatible server may rest, has no character 0.
          const kept = text.replaceAll('\0', ' ').trim() || '-';
          await users().delete({});
          await users().insert(user(`id ${kept}`, { username: kept, interests: [kept, ODD_TEXT] }));
          expect(ids(await users().find({ username: kept }))).toEqual([`id ${kept}`]);
          expect((await users().get(`id ${kept}`))?.interests).toEqual([kept, ODD_TEXT]);
          expect(await users().count({ interests: kept })).toBe(1);
        }),
        { numRuns: 25 },
      );
    });

    test('T4 half characters become the replacement character', async () => {
      expect((await users().insert(user('anna', { username: 'a\ud800b' }))).username).toBe('a\ufffdb');
      expect((await users().get('anna'))?.username).toBe('a\ufffdb');
    });

    test('T4 keeps a record of a megabyte', async () => {
      const messages = range(500).map((index) => message(`${index}`, { content: '音'.repeat(700) }));
      await calls().insert(call('big', { messages }));
      expect((await calls().get('big'))?.messages).toEqual(messages);
      const more = await calls().update({ _id: 'big' }, { $push: { messages: message('last') } });
      expect(more?.messages).toHaveLength(501);
    });
  });
}
