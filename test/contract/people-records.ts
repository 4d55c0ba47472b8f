import { randomUUID } from 'node:crypto';
import { furtherWindowId } from '../../src/domain/users';
import { RecordedCallJournal } from '../../src/records/repositories/call-journal';
import { RecordedLogIns } from '../../src/records/repositories/log-ins';
import { RecordedPasswordResets } from '../../src/records/repositories/password-resets';
import { RecordedPendingRegistrations } from '../../src/records/repositories/pending-registrations';
import { RecordedPersonalRecords } from '../../src/records/repositories/personal-records';
import { RecordedUsers } from '../../src/records/repositories/users';
import {
  auditModel,
  banModel,
  callModel,
  logInModel,
  passwordResetModel,
  pendingRegistrationModel,
  reportModel,
  subscriptionModel,
  userModel,
} from '../../src/records/models';
import type { RecordStore } from '../../src/records/store/record-store';
import { call } from '../support/records';

const NOW = Date.now();
const account = (id: string, email: string) => ({
  id,
  name: 'Ada',
  email,
  passwordHash: 'hash',
  birthDate: '1990-05-17',
});

/** What the repositories of users guarantee over every store. Every test uses ids of its own. */
export function peopleRecordsContract(open: () => Promise<RecordStore>): void {
  let store: RecordStore;
  let users: RecordedUsers;
  let logIns: RecordedLogIns;
  let resets: RecordedPasswordResets;
  let registrations: RecordedPendingRegistrations;
  let personal: RecordedPersonalRecords;
  beforeAll(async () => {
    store = await open();
    await store.ensureIndexes();
    users = new RecordedUsers(store.collection(userModel));
    logIns = new RecordedLogIns(store.collection(logInModel));
    resets = new RecordedPasswordResets(store.collection(passwordResetModel));
    registrations = new RecordedPendingRegistrations(store.collection(pendingRegistrationModel));
    personal = new RecordedPersonalRecords({
      calls: store.collection(callModel),
      reports: store.collection(reportModel),
      audit: store.collection(auditModel),
      subscriptions: store.collection(subscriptionModel),
      bans: store.collection(banModel),
    });
  });
  afterAll(() => store.close());
  const someId = (): string => `guest_${randomUUID()}`;

  test('A2 a guest who becomes an account keeps everything; the account never ends by itself', async () => {
    const id = someId();
    await users.keepGuest({ id, name: 'CalmHeron4821' }, NOW);
    await users.change(id, { profile: { interests: ['tea'], blurFirst: false } }, NOW + 1);
    await users.block(id, { userId: 'other', name: 'X', at: NOW });
    const user = await users.addAccount(account(id, `${id}@Example.org`), NOW + 2);
    expect(user).toMatchObject({
      id,
      isAnonymous: false,
      name: 'Ada',
      createdAt: NOW,
      lastActiveAt: NOW + 2,
    });
    expect(user?.profile).toMatchObject({ interests: ['tea'], blurFirst: false, mode: 'video' });
    expect(user?.blocks).toEqual([{ userId: 'other', name: 'X', at: NOW }]);
    expect((await store.collection(userModel).get(id))?.expiresAt).toBeNull();
    expect((await users.byEmail(`${id.toUpperCase()}@example.ORG`))?.id).toBe(id);
    // From now on nothing a guest's visit does can touch it.
    await users.keepGuest({ id, name: 'CalmHeron4821' }, NOW + 3);
    await users.touch(id, NOW + 4);
    expect(await store.collection(userModel).get(id)).toMatchObject({
      isAnonymous: false,
      username: 'Ada',
      expiresAt: null,
      lastActiveAt: new Date(NOW + 4),
    });
  });

  test('A2 of concurrent registrations of an address, or of one guest, exactly one wins', async () => {
    const email = `${randomUUID()}@example.org`;
    const won = async (work: Promise<unknown>[]): Promise<number> =>
      (await Promise.all(work)).filter((user) => user !== null).length;
    expect(await won(Array.from({ length: 10 }, () => users.addAccount(account(someId(), email), NOW)))).toBe(
      1,
    );
    expect(await users.addAccount(account(someId(), email.toUpperCase()), NOW)).toBeNull();
    const id = someId();
    await users.keepGuest({ id, name: 'CalmHeron4821' }, NOW);
    expect(
      await won(Array.from({ length: 10 }, (_, n) => users.addAccount(account(id, `${n}-${email}`), NOW))),
    ).toBe(1);
  });

  test('A2 a pending registration is found by its token until it expires, and removed by user or by address', async () => {
    const pending = (userId: string, email: string) => ({
      ...{ id: randomUUID(), tokenHash: `hash ${userId}`, userId, name: 'Ada', email },
      ...{ passwordHash: 'hash', birthDate: '1990-05-17', createdAt: NOW, expiresAt: NOW + 60_000 },
    });
    const [one, two, three] = [someId(), someId(), someId()];
    const email = `${randomUUID()}@Example.org`;
    await registrations.add(pending(one, `${one}@example.org`));
    await registrations.add(pending(two, email));
    await registrations.add(pending(three, email.toUpperCase()));
    expect(await registrations.byToken(`hash ${one}`, NOW)).toEqual({
      userId: one,
      name: 'Ada',
      email: `${one}@example.org`,
      passwordHash: 'hash',
      birthDate: '1990-05-17',
      createdAt: NOW,
      expiresAt: NOW + 60_000,
    });
    expect(await registrations.of(two, NOW)).toMatchObject([{ userId: two, email }]);
    expect(await registrations.of(two, NOW + 60_000)).toEqual([]);
    expect(await registrations.byToken(`hash ${one}`, NOW + 60_000)).toBeNull();
    expect(await registrations.byToken('another', NOW)).toBeNull();
    expect(await registrations.removeAll(one, null)).toBe(1);
    expect(await registrations.removeAll(two, email)).toBe(2);
    for (const id of [one, two, three]) {
      expect(await registrations.byToken(`hash ${id}`, NOW)).toBeNull();
    }
  });

  test('A1 a guest that many requests store at once is one record', async () => {
    const id = someId();
    await Promise.all(Array.from({ length: 10 }, () => users.keepGuest({ id, name: 'CalmHeron4821' }, NOW)));
    expect(await users.get(id)).toMatchObject({ isAnonymous: true, name: 'CalmHeron4821', email: null });
    expect((await users.byEmail('')) === null).toBe(true);
  });

  test('A3 blocks and calls count once each, also under concurrent requests', async () => {
    const id = someId();
    await users.keepGuest({ id, name: 'CalmHeron4821' }, NOW);
    const call = { callId: 'c', talkedMs: 5, messagesSent: 2, skipped: true };
    await Promise.all(
      Array.from({ length: 8 }, () => [
        users.block(id, { userId: 'other', name: 'X', at: NOW }),
        users.countCall(id, call, NOW),
      ]).flat(),
    );
    await users.countCall(id, { ...call, callId: 'd', talkedMs: 9, skipped: false }, NOW);
    expect(await users.get(id)).toMatchObject({
      blocks: [{ userId: 'other' }],
      statistics: { calls: 2, talkedMs: 14, longestMs: 9, messagesSent: 4, skipped: 1 },
    });
    expect([await users.unblock(id, 'other', NOW), await users.unblock(id, 'other', NOW)]).toEqual([
      true,
      false,
    ]);
  });

  test('A2 a password is changed only from the one that was known, and ends all log-ins but one in the same write', async () => {
    const id = someId();
    await users.addAccount(account(id, `${id}@example.org`), NOW);
    const to = (passwordHash: string, onlyIf: string, keptLogInId: string | null = null) =>
      users.changePassword(id, { passwordHash, onlyIf, keptLogInId }, NOW);
    expect(await users.get(id)).toMatchObject({ logInGeneration: 0, keptLogInId: null });
    expect(await to('second', 'not it')).toBe(false);
    expect(await users.get(id)).toMatchObject({ passwordHash: 'hash', logInGeneration: 0 });
    expect(await to('second', 'hash', 'this device')).toBe(true);
    expect(await users.get(id)).toMatchObject({
      passwordHash: 'second',
      logInGeneration: 1,
      keptLogInId: 'this device',
    });
    await users.endLogIns(id, null, NOW);
    expect(await users.get(id)).toMatchObject({ logInGeneration: 2, keptLogInId: null });
    expect(await users.renewHash(id, 'third', NOW, 'hash')).toBe(false);
    expect(await users.renewHash(id, 'third', NOW, 'second')).toBe(true);
    expect(await users.get(id)).toMatchObject({ passwordHash: 'third', logInGeneration: 2 });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((password) => to(password, 'third')));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const change = { passwordHash: 'x', onlyIf: 'y', keptLogInId: null };
    expect(await users.changePassword('nobody', change, NOW)).toBe(false);
  });

  test('A2 a user and a log-in that version 0.1 has written are of one generation', async () => {
    const id = someId();
    const at = new Date(NOW);
    const old = { lastActiveAt: at, createdAt: at, updatedAt: at };
    await store.collection(userModel).insert({ _id: id, isAnonymous: false, username: 'Ada', ...old });
    expect(await users.get(id)).toMatchObject({ logInGeneration: 0, keptLogInId: null });
    await users.endLogIns(id, 'kept', NOW);
    expect(await users.get(id)).toMatchObject({ logInGeneration: 1, keptLogInId: 'kept' });
  });

  test('G1 a removed user disappears from all lists of blocks', async () => {
    const [id, other] = [someId(), someId()];
    for (const one of [id, other]) await users.keepGuest({ id: one, name: 'X' }, NOW);
    await users.block(other, { userId: id, name: 'X', at: NOW });
    expect([await users.remove(id), await users.remove(id)]).toEqual([true, false]);
    expect((await users.get(other))?.blocks).toEqual([]);
  });

  test('A2 log-ins are found by their token until they end; use never shortens their life', async () => {
    const userId = someId();
    const future = Date.now() + 1e9;
    const logIn = (id: string) => ({
      id: `${userId} ${id}`,
      tokenHash: `${userId} hash ${id}`,
      userId,
      userAgent: 'x'.repeat(500),
      createdAt: NOW,
      lastUsedAt: NOW,
      expiresAt: future,
      generation: 2,
    });
    for (const id of ['a', 'b', 'c']) await logIns.add(logIn(id));
    await logIns.touch(`${userId} b`, NOW + 5, future - 5);
    expect(await logIns.byToken(`${userId} hash b`, future - 1)).toMatchObject({
      userId,
      lastUsedAt: NOW + 5,
      expiresAt: future,
    });
    expect(await logIns.byToken(`${userId} hash b`, future)).toBeNull();
    expect((await logIns.of(userId, NOW))[0]?.id).toBe(`${userId} b`);
    expect(await logIns.remove('somebody else', [`${userId} a`])).toBe(0);
    expect((await logIns.removeAll(userId, `${userId} b`)).sort()).toEqual([`${userId} a`, `${userId} c`]);
    expect(await logIns.removeAll(userId)).toEqual([`${userId} b`]);
  });

  test('A2 a reset is found until it expires or all of its user are removed', async () => {
    const userId = someId();
    const expiresAt = Date.now() + 1e9;
    await resets.add({ id: userId, tokenHash: userId, userId, generation: 3, createdAt: NOW, expiresAt });
    expect(await resets.byToken(userId, NOW)).toEqual({ userId, generation: 3 });
    expect(await resets.byToken(userId, expiresAt)).toBeNull();
    expect(await resets.byToken('unknown', NOW)).toBeNull();
    expect(await resets.removeAll(userId)).toBe(1);
    expect(await resets.byToken(userId, NOW)).toBeNull();
  });

  test('G1 erasing and restricting find a user in either place, and may be done twice', async () => {
    const [id, other] = [someId(), someId()];
    const at = new Date(Date.now());
    const participant = (userId: string, name: string) => ({
      userId,
      name,
      isAnonymous: true,
      region: 'local',
      addressHash: 'mark',
      joinedAt: at,
    });
    const message = (senderId: string, content: string) => ({
      id: content,
      senderId,
      senderUsername: senderId,
      type: 'text' as const,
      content,
      timestamp: at,
      status: 'sent' as const,
    });
    for (const [n, [one, two]] of [
      [id, other],
      [other, id],
    ].entries()) {
      const callId = `${id} ${n}`;
      await store.collection(callModel).insert({
        _id: callId,
        sessionId: callId,
        sessionType: 'text',
        status: 'ended',
        participants: { user1: participant(one ?? '', 'One'), user2: participant(two ?? '', 'Two') },
        userIds: [id, other],
        endedBy: n === 0 ? id : other,
        issues: [{ at, code: 'line_lost', userId: id }],
        messages: [message(id, 'mine'), message(other, 'theirs')],
        nodeId: 'n',
        aliveAt: at,
        createdAt: at,
        updatedAt: at,
        expiresAt: new Date(at.getTime() + 1e8),
      });
      await store.collection(reportModel).insert({
        _id: callId,
        reporterId: one ?? '',
        reportedId: two ?? '',
        sessionId: callId,
        reportType: 'spam',
        severity: 'low',
        priority: 1,
        callStartedAt: at,
        createdAt: at,
        updatedAt: at,
      });
    }
    expect([await personal.eraseFromCalls(id), await personal.eraseFromCalls(id)]).toEqual([2, 0]);
    expect([await personal.restrictReports(id), await personal.restrictReports(id)]).toEqual([2, 2]);
    const calls = await personal.calls(other);
    expect(calls.map(({ partnerName, messages }) => [partnerName, messages.length])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    expect(await personal.calls(id)).toEqual([]);
    const kept = await store.collection(callModel).find({ userIds: other }, { sort: { _id: 1 } });
    const [erasedId = '', otherErasedId = ''] = kept.map(({ userIds }) =>
      userIds.find((one) => one !== other),
    );
    expect(erasedId).toMatch(/^erased_/);
    expect(otherErasedId).toMatch(/^erased_/);
    expect(erasedId).not.toBe(otherErasedId);
    expect(kept).toMatchObject([
      { participants: { user1: { userId: erasedId }, user2: { userId: other } }, endedBy: erasedId },
      { participants: { user1: { userId: other }, user2: { userId: otherErasedId } }, endedBy: other },
    ]);
    expect(kept.map(({ issues }) => issues[0]?.userId)).toEqual([erasedId, otherErasedId]);
    const exported = kept.map(({ participants, userIds, messages, endedBy, issues }) =>
      JSON.stringify([participants, userIds, messages, endedBy, issues]),
    );
    expect(exported.join()).not.toContain(id);
    expect(await personal.countReportsAbout(id)).toBe(1);
  });

  test('G1 what a user did in a further window is exported and erased with the rest', async () => {
    const [id, other] = [someId(), someId()];
    const window = furtherWindowId(id, 'two');
    const at = new Date();
    const participant = (userId: string) => ({
      ...{ userId, name: userId, isAnonymous: true, region: 'local', addressHash: 'mark', joinedAt: at },
    });
    const pairs: [string, string][] = [
      [window, other],
      [id, window],
      // Two ids that are on both sides of the range of the windows.
      [`${id}!`, `zzz_${id}`],
    ];
    for (const [n, userIds] of pairs.entries()) {
      await store.collection(callModel).insert({
        ...{ _id: `${id} ${n}`, sessionId: `${id} ${n}`, sessionType: 'text', status: 'ended', userIds },
        participants: { user1: participant(userIds[0]), user2: participant(userIds[1]) },
        ...{
          nodeId: 'n',
          aliveAt: at,
          createdAt: at,
          updatedAt: at,
          expiresAt: new Date(at.getTime() + 1e8),
        },
      });
    }
    const exported = await personal.calls(id);
    expect(exported.map(({ callId }) => callId).sort()).toEqual([`${id} 0`, `${id} 1`, `${id} 1`]);
    expect(await personal.eraseFromCalls(id)).toBe(2);
    const kept = await store.collection(callModel).find({ _id: { $in: [`${id} 0`, `${id} 1`] } });
    expect(kept.flatMap(({ userIds }) => userIds).filter((userId) => userId.startsWith(id))).toEqual([]);
    expect(JSON.stringify(kept.map(({ participants }) => participants))).not.toContain(id);
    expect((await store.collection(callModel).findOne({ _id: `${id} 2` }))?.userIds).toEqual(pairs[2]);
  });

  test('A3 calls that go on here or on a living node are not taken for lost, however the clocks are set', async () => {
    const calls = store.collection(callModel);
    const [own, old, elsewhere, lost] = [someId(), someId(), someId(), someId()];
    const HOUR = 3_600_000;
    const written = (_id: string, nodeId: string, at: number) =>
      calls.insert({
        ...call(_id, { sessionId: _id, nodeId, aliveAt: new Date(at), createdAt: new Date(at) }),
        expiresAt: new Date(at + 24 * HOUR),
      });
    const here = someId();
    // The clock of this node was set back after it had started, and is behind those of the others.
    await written(own, here, NOW - HOUR);
    await written(old, here, NOW - HOUR);
    await written(elsewhere, 'alive', NOW - HOUR);
    await written(lost, 'gone', NOW - HOUR);
    const reportError = (error: unknown) => {
      throw error;
    };
    const outbox = { write: () => undefined } as never;
    const deps = { calls, outbox, nodeId: here, region: 'local', startedAt: NOW, reportError };
    const journal = new RecordedCallJournal(deps);
    const which = { before: NOW - HOUR / 2, running: new Set([own]), livingNodes: ['alive'] };
    await journal.endLost(which);
    const statusOf = async (id: string) => (await calls.get(id))?.status;
    expect(await Promise.all([own, old, elsewhere, lost].map(statusOf))).toEqual([
      'waiting',
      'disconnected',
      'waiting',
      'disconnected',
    ]);
  });
}
