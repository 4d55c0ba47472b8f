import { randomUUID } from 'node:crypto';
import type { ReportedUser } from '../../src/app/bans/ban-store';
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
    reports = new RecordedReportHistory(store.collection(reportModel), {
      state: () => ({ spooled: 0, buffered: 0, lost: 0, rejected: 0, oldestMs: 0 }),
    });
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

  /** Everything that holds, read in pages of one ban. */
  const holding = async (now: number): Promise<Ban[]> => {
    const all: Ban[] = [];
    for (;;) {
      const [next] = await bans.holding(now, { after: all.at(-1)?.id ?? null, limit: 1 });
      if (next === undefined) return all;
      all.push(next);
    }
  };

  test('R6 a ban holds until its end, keeps the subjects that were added to it, and stays lifted', async () => {
    const ban = aBan(someId());
    await bans.put(ban);
    const device = { kind: 'device', mark: 'mark of a device' } as const;
    await bans.put({ ...ban, subjects: [...ban.subjects, device] });
    await bans.put(ban);
    const whole = { ...ban, subjects: [...ban.subjects, device] };
    expect(await bans.get(ban.id)).toEqual(whole);
    expect(await holding(NOW + 999)).toContainEqual(whole);
    expect((await holding(NOW + 1000)).map(({ id }) => id)).not.toContain(ban.id);
    await bans.lift(ban.id, NOW + 10);
    await bans.lift(ban.id, NOW + 20);
    await bans.put(ban);
    expect(await bans.get(ban.id)).toMatchObject({ liftedAt: NOW + 10 });
    expect((await holding(NOW + 15)).map(({ id }) => id)).not.toContain(ban.id);
    expect(await bans.latest(50)).toContainEqual({ ...whole, liftedAt: NOW + 10 });
    expect(await bans.get('no ban')).toBeNull();
  });

  test('R6 the liftings that are kept are found, the newest first', async () => {
    const [first, second, holding] = [aBan(someId()), aBan(someId()), aBan(someId())];
    for (const ban of [first, second, holding]) await bans.put(ban);
    await bans.lift(second.id, NOW + 50_000);
    await bans.lift(first.id, NOW + 60_000);
    expect(await bans.lifted(2)).toEqual([
      { id: first.id, at: NOW + 60_000 },
      { id: second.id, at: NOW + 50_000 },
    ]);
    expect((await bans.lifted(500)).map(({ id }) => id)).not.toContain(holding.id);
  });

  test('R6 bans are listed page by page, the newest first, each once', async () => {
    const made = Array.from({ length: 7 }, (_, n) => ({
      ...aBan(someId()),
      createdAt: NOW + 1000 + (n >> 1),
    }));
    for (const ban of made) await bans.put(ban);
    const listed: Ban[] = [];
    while (listed.length < made.length) listed.push(...(await bans.latest(2, listed.at(-1))));
    const ids = (some: readonly Ban[]): string[] => some.map(({ id }) => id).sort();
    expect(ids(listed.slice(0, 7))).toEqual(ids(made));
    const times = listed.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort((one, other) => other - one));
  });

  test('R6 bans are found by whom they are about, over or not, the newest first', async () => {
    const [userId, device] = [someId(), `device of ${someId()}`];
    const old = { ...aBan(userId), createdAt: NOW - 1000, liftedAt: NOW - 500 };
    const ofDevice: Ban = { ...aBan(someId()), subjects: [{ kind: 'device', mark: device }] };
    const ofMarkAlone: Ban = { ...aBan(someId()), subjects: [{ kind: 'address', mark: userId }] };
    for (const ban of [old, ofDevice, ofMarkAlone]) await bans.put(ban);
    const subjects = [
      { kind: 'user', mark: userId },
      { kind: 'device', mark: device },
    ] as const;
    expect((await bans.about(subjects, 0)).map(({ id }) => id)).toEqual([ofDevice.id, old.id]);
    expect((await bans.about(subjects, NOW)).map(({ id }) => id)).toEqual([ofDevice.id]);
    expect(await bans.about([{ kind: 'user', mark: someId() }], 0)).toEqual([]);
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

  test('R2 reports are read page by page, the oldest first, each once', async () => {
    const of = store.collection(reportModel);
    const from = NOW + 3_600_000;
    for (let n = 0; n < 5; n += 1) {
      const createdAt = new Date(from + (n >> 1));
      await of.insert(report(`page ${n}`, { createdAt, reportedId: furtherWindowId('paged', `${n}`) }));
    }
    const read: ReportedUser[] = [];
    while (read.length < 5) {
      const page = await reports.since(from, { after: read.at(-1) ?? null, limit: 2 });
      expect(page.length).toBeGreaterThan(0);
      read.push(...page);
    }
    expect(read.map(({ reportId }) => reportId)).toEqual([0, 1, 2, 3, 4].map((n) => `page ${n}`));
    expect(read[0]).toEqual({
      ...{ reportId: 'page 0', userId: 'paged', device: null, reason: 'spam', at: from },
    });
  });
}
