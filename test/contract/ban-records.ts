import { randomUUID } from 'node:crypto';
import type { Ban } from '../../src/domain/bans';
import { auditModel, banModel, callModel, reportModel, subscriptionModel } from '../../src/records/models';
import { BAN_KEPT_MS, RecordedBans, RecordedReportHistory } from '../../src/records/repositories/bans';
import { RecordedPersonalRecords } from '../../src/records/repositories/personal-records';
import type { RecordStore } from '../../src/records/store/record-store';
import { furtherWindowId } from '../../src/domain/users';
import { report } from '../support/records';

const NOW = Date.now();

/** What the repositories of bans, and of the reports that lead to them, guarantee over every store. */
export function banRecordsContract(open: () => Promise<RecordStore>): void {
  let store: RecordStore;
  let personal: RecordedPersonalRecords;
  let bans: RecordedBans;
  let reports: RecordedReportHistory;
  beforeAll(async () => {
    store = await open();
    await store.ensureIndexes();
    personal = new RecordedPersonalRecords({
      calls: store.collection(callModel),
      reports: store.collection(reportModel),
      audit: store.collection(auditModel),
      subscriptions: store.collection(subscriptionModel),
      bans: store.collection(banModel),
    });
    bans = new RecordedBans(store.collection(banModel));
    reports = new RecordedReportHistory(store.collection(reportModel));
  });
  afterAll(() => store.close());
  const someId = (): string => `guest_${randomUUID()}`;

  const aBan = (userId: string): Ban => ({
    id: randomUUID(),
    subjects: [{ kind: 'user', mark: userId }],
    follows: ['device'],
    reason: 'scam',
    note: 'seen by operators alone',
    by: 'operator',
    createdAt: NOW,
    endsAt: NOW + 1000,
    liftedAt: null,
  });

  test('R6 a ban holds until its end, keeps the subjects that were added to it, and stays lifted', async () => {
    const ban = aBan(someId());
    await bans.put(ban);
    const device = { kind: 'device', mark: 'mark of a device' } as const;
    await bans.put({ ...ban, subjects: [...ban.subjects, device] });
    await bans.put(ban);
    const whole = { ...ban, subjects: [...ban.subjects, device] };
    expect(await bans.get(ban.id)).toEqual(whole);
    expect(await bans.holding(NOW + 999)).toContainEqual(whole);
    expect((await bans.holding(NOW + 1000)).map(({ id }) => id)).not.toContain(ban.id);
    await bans.lift(ban.id, NOW + 10);
    await bans.lift(ban.id, NOW + 20);
    await bans.put(ban);
    expect(await bans.get(ban.id)).toMatchObject({ liftedAt: NOW + 10 });
    expect((await bans.holding(NOW + 15)).map(({ id }) => id)).not.toContain(ban.id);
    expect(await bans.latest(50)).toContainEqual({ ...whole, liftedAt: NOW + 10 });
    expect(await bans.get('no ban')).toBeNull();
  });

  test('G1 a user reads the bans of theirs, without what operators noted', async () => {
    const userId = someId();
    await bans.put(aBan(userId));
    expect(await personal.bans(userId)).toEqual([
      { kind: 'ban', reason: 'scam', createdAt: NOW, endsAt: NOW + 1000, liftedAt: null },
    ]);
    expect(await personal.bansKept(userId)).toEqual({ count: 1, untilAt: NOW + 1000 + BAN_KEPT_MS });
    await bans.put({ ...aBan(userId), endsAt: null });
    expect(await personal.bansKept(userId)).toEqual({ count: 2, untilAt: null });
  });

  test('R2 reports about a user or about their device are found, each once', async () => {
    const userId = someId();
    const device = `mark of the device of ${userId}`;
    const of = store.collection(reportModel);
    const at = { createdAt: new Date(NOW), reporterSubnetHash: 'net' };
    await of.insert(
      report(randomUUID(), {
        ...at,
        reportedId: furtherWindowId(userId, 'a'),
        sessionId: `1 ${userId}`,
      }),
    );
    await of.insert(
      report(randomUUID(), {
        ...at,
        reportedId: someId(),
        reportedDeviceHash: device,
        sessionId: `2 ${userId}`,
      }),
    );
    await of.insert(
      report(randomUUID(), {
        ...at,
        reportedId: userId,
        createdAt: new Date(NOW - 1),
        sessionId: `3 ${userId}`,
      }),
    );
    const found = await reports.about({ userId, device }, NOW);
    expect(found.map(({ callId }) => callId).sort()).toEqual([`1 ${userId}`, `2 ${userId}`]);
    expect(found[0]).toMatchObject({ reporterId: 'reporter', reporterSubnet: 'net', at: NOW });
    expect(await reports.reported('no report')).toBeNull();
  });
}
