import type { BanStore, ReportHistory, ReportedUser } from '../../app/bans/ban-store';
import type { Lifting } from '../../app/bans/lifted-bans';
import type { Ban, BanSubject, ReportFact } from '../../domain/bans';
import { userIdOf } from '../../domain/users';
import type { BanRecord, ReportRecord } from '../models';
import { DAY_MS } from '../models/shared';
import type { Outbox } from '../store/outbox';
import type { Collection } from '../store/record-store';
import { ofUser } from './of-user';

/** How long a ban is kept after it is over, so that what was decided can still be explained. */
export const BAN_KEPT_MS = 30 * DAY_MS;

/** Bans in the records. While the store is away the collection throws `DomainError('records_unavailable')`. */
export class RecordedBans implements BanStore {
  constructor(private readonly bans: Collection<BanRecord>) {}

  async holding(
    now: number,
    { after, limit }: { readonly after: string | null; readonly limit: number },
  ): Promise<Ban[]> {
    const found = await this.bans.find(
      {
        liftedAt: null,
        $or: [{ endsAt: null }, { endsAt: { $gt: new Date(now) } }],
        ...(after === null ? {} : { _id: { $gt: after } }),
      },
      { sort: { _id: 1 }, limit },
    );
    return found.map(fromRecord);
  }

  async latest(limit: number, before?: Pick<Ban, 'id' | 'createdAt'>): Promise<Ban[]> {
    const found = await this.bans.find(before === undefined ? {} : olderThan(before), {
      sort: { createdAt: -1, _id: -1 },
      limit,
    });
    return found.map(fromRecord);
  }

  async lifted(limit: number): Promise<Lifting[]> {
    const found = await this.bans.find({ liftedAt: { $gt: new Date(0) } }, { sort: { liftedAt: -1 }, limit });
    return found.flatMap(({ _id: id, liftedAt }) =>
      liftedAt === null ? [] : [{ id, at: liftedAt.getTime() }],
    );
  }

  async about(subjects: readonly BanSubject[], since: number): Promise<Ban[]> {
    const found = await this.bans.find(
      {
        'subjects.mark': { $in: [...new Set(subjects.map(({ mark }) => mark))] },
        createdAt: { $gte: new Date(since) },
      },
      { sort: { createdAt: -1, _id: -1 } },
    );
    // A mark of one kind is hardly ever one of another, so the index has marks alone.
    const isMeant = (of: BanSubject): boolean =>
      subjects.some(({ kind, mark }) => kind === of.kind && mark === of.mark);
    return found.map(fromRecord).filter((ban) => ban.subjects.some(isMeant));
  }

  async get(id: string): Promise<Ban | null> {
    const record = await this.bans.get(id);
    return record === null ? null : fromRecord(record);
  }

  async put({ id, subjects, createdAt, endsAt, liftedAt, ...rest }: Ban): Promise<void> {
    const end = liftedAt ?? endsAt;
    await this.bans.update(
      { _id: id },
      {
        $addToSet: { subjects: { $each: subjects.map((subject) => ({ ...subject })) } },
        $setOnInsert: {
          ...rest,
          follows: [...rest.follows],
          createdAt: new Date(createdAt),
          endsAt: dateOf(endsAt),
          liftedAt: dateOf(liftedAt),
          expiresAt: end === null ? null : new Date(end + BAN_KEPT_MS),
        },
      },
      { upsert: true },
    );
  }

  async lift(id: string, at: number): Promise<void> {
    const update = { $set: { liftedAt: new Date(at), expiresAt: new Date(at + BAN_KEPT_MS) } };
    await this.bans.update({ _id: id, liftedAt: null }, update);
  }
}

/** What the rule about holds reads of the reports. */
export class RecordedReportHistory implements ReportHistory {
  constructor(
    private readonly reports: Collection<ReportRecord>,
    private readonly outbox: Pick<Outbox, 'state'>,
  ) {}

  isBehind(): boolean {
    const { spooled, buffered } = this.outbox.state();
    return spooled + buffered > 0;
  }

  async since(
    at: number,
    {
      after,
      limit,
    }: { readonly after: Pick<ReportedUser, 'reportId' | 'at'> | null; readonly limit: number },
  ): Promise<ReportedUser[]> {
    const createdAt = { $gte: new Date(after?.at ?? at) };
    const found = await this.reports.find(
      after === null ? { createdAt } : { createdAt, $or: behind(after) },
      { sort: { createdAt: 1, _id: 1 }, limit },
    );
    return found.map(({ _id: reportId, reportedId, reportedDeviceHash, reportType, createdAt }) => ({
      reportId,
      userId: userIdOf(reportedId),
      device: reportedDeviceHash ?? null,
      reason: reportType,
      at: createdAt.getTime(),
    }));
  }

  async about(
    { userId, device }: { readonly userId: string; readonly device: string | null },
    since: number,
  ): Promise<ReportFact[]> {
    const createdAt = { $gte: new Date(since) };
    // One after the other, since each of the two has an index of its own.
    const aboutUser = await this.reports.find({ ...ofUser('reportedId', userId), createdAt });
    const aboutDevice =
      device === null ? [] : await this.reports.find({ reportedDeviceHash: device, createdAt });
    const found = new Map([...aboutUser, ...aboutDevice].map((report) => [report._id, report]));
    return [...found.values()].map((report) => ({
      reporterId: report.reporterId,
      callId: report.sessionId,
      reporterSubnet: report.reporterSubnetHash ?? null,
      at: report.createdAt.getTime(),
    }));
  }

  async reported(reportId: string) {
    const report = await this.reports.get(reportId);
    if (report === null) return null;
    return {
      userId: report.reportedId,
      device: report.reportedDeviceHash ?? null,
      address: report.reportedAddressHash,
    };
  }
}

/** Of bans of the same moment the one with the larger id counts as the newer. */
const olderThan = ({ id, createdAt }: Pick<Ban, 'id' | 'createdAt'>) => ({
  createdAt: { $lte: new Date(createdAt) },
  $or: [{ createdAt: { $lt: new Date(createdAt) } }, { _id: { $lt: id } }],
});

/** Of reports of the same moment the one with the larger id counts as the newer. */
const behind = ({ reportId, at }: Pick<ReportedUser, 'reportId' | 'at'>) => [
  { createdAt: { $gt: new Date(at) } },
  { _id: { $gt: reportId } },
];

const dateOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

const fromRecord = (record: BanRecord): Ban => ({
  id: record._id,
  subjects: record.subjects.map(({ kind, mark }) => ({ kind, mark })),
  follows: [...record.follows],
  reason: record.reason,
  note: record.note,
  by: record.by,
  createdAt: record.createdAt.getTime(),
  endsAt: record.endsAt?.getTime() ?? null,
  liftedAt: record.liftedAt?.getTime() ?? null,
});
