import { randomUUID } from 'node:crypto';
import { erasedId as idOfErased, userIdOf } from '../../domain/users';
import type {
  OwnAuditEntry,
  OwnBan,
  OwnCall,
  OwnReport,
  PersonalRecords,
} from '../../app/privacy/personal-records';
import type { AuditRecord, BanRecord, CallRecord, ReportRecord, SubscriptionRecord } from '../models';
import type { Collection } from '../store/record-store';
import { ofUser } from './of-user';

/** Replaces an erased name; a participant has to have one. */
const ERASED_NAME = '—';
/** Calls that are changed at once. */
const AT_ONCE = 50;

export interface PersonalRecordsDeps {
  readonly calls: Collection<CallRecord>;
  readonly reports: Collection<ReportRecord>;
  readonly audit: Collection<AuditRecord>;
  readonly bans: Collection<BanRecord>;
  readonly subscriptions: Collection<SubscriptionRecord>;
}

/** All records of one user. While the store is away the collections throw `DomainError('records_unavailable')`. */
export class RecordedPersonalRecords implements PersonalRecords {
  constructor(private readonly records: PersonalRecordsDeps) {}

  async calls(userId: string): Promise<OwnCall[]> {
    const calls = await this.records.calls.find(ofUser('userIds', userId), { sort: { createdAt: -1 } });
    return calls.flatMap((call) => idsOfUser(userId, call).map((id) => asSeenBy(id, call)));
  }

  async reportsBy(userId: string): Promise<OwnReport[]> {
    const reports = await this.records.reports.find(ofUser('reporterId', userId), {
      sort: { createdAt: -1 },
    });
    return reports.map((report) => ({
      reportId: report._id,
      callId: report.sessionId,
      type: report.reportType,
      words: report.description,
      at: report.createdAt.getTime(),
      status: report.status,
    }));
  }

  async bans(userId: string): Promise<OwnBan[]> {
    const bans = await this.records.bans.find({ 'subjects.mark': userId }, { sort: { createdAt: -1 } });
    return bans.map(({ by, reason, createdAt, endsAt, liftedAt }) => ({
      kind: by === 'reports' ? 'hold' : 'ban',
      reason,
      createdAt: createdAt.getTime(),
      endsAt: endsAt?.getTime() ?? null,
      liftedAt: liftedAt?.getTime() ?? null,
    }));
  }

  async bansKept(userId: string): Promise<{ count: number; untilAt: number | null }> {
    const bans = await this.records.bans.find({ 'subjects.mark': userId });
    const ends = bans.map(({ expiresAt }) => expiresAt?.getTime() ?? null);
    const known = ends.filter((end) => end !== null);
    return {
      count: bans.length,
      untilAt: known.length < ends.length || known.length === 0 ? null : Math.max(...known),
    };
  }

  countReportsAbout(userId: string): Promise<number> {
    return this.records.reports.count(ofUser('reportedId', userId));
  }

  async audit(userId: string): Promise<OwnAuditEntry[]> {
    const entries = await this.records.audit.find(aboutOrBy(userId), { sort: { timestamp: -1 } });
    return entries.map(({ action, timestamp, userAgent, errorCode, actorId }) => ({
      action,
      at: timestamp.getTime(),
      userAgent,
      errorCode,
      own: actorId === userId,
    }));
  }

  async auditKept(userId: string): Promise<{ count: number; untilAt: number | null }> {
    const { audit } = this.records;
    const last = await audit.findOne(aboutOrBy(userId), { sort: { timestamp: -1 } });
    return {
      count: await audit.count(aboutOrBy(userId)),
      untilAt: last?.expiresAt.getTime() ?? null,
    };
  }

  async eraseFromCalls(userId: string): Promise<number> {
    const found = await this.records.calls.find(ofUser('userIds', userId));
    const calls = found.filter((call) => idsOfUser(userId, call).length > 0);
    for (let at = 0; at < calls.length; at += AT_ONCE) {
      await Promise.all(calls.slice(at, at + AT_ONCE).map((call) => this.eraseUser(userId, call)));
    }
    return calls.length;
  }

  /** Both windows of a user may have met each other. */
  private async eraseUser(userId: string, call: CallRecord): Promise<void> {
    const [id, other] = idsOfUser(userId, call);
    if (id !== undefined) await this.eraseFromCall(id, call);
    if (other === undefined) return;
    const present = await this.records.calls.findOne({ _id: call._id });
    if (present !== null) await this.eraseFromCall(other, present);
  }

  /** In one step, so that a call is either still found by the user's id or holds nothing of that user any more. */
  private async eraseFromCall(userId: string, call: CallRecord): Promise<void> {
    const erasedId = idOfErased(randomUUID());
    const places = (['user1', 'user2'] as const).filter(
      (place) => call.participants[place]?.userId === userId,
    );
    await this.records.calls.update(
      { _id: call._id, userIds: userId },
      {
        $pull: { messages: { senderId: userId } },
        $set: {
          userIds: call.userIds.map((id) => (id === userId ? erasedId : id)),
          issues: call.issues.map((issue) =>
            issue.userId === userId ? { ...issue, userId: erasedId } : issue,
          ),
          ...(call.endedBy === userId ? { endedBy: erasedId } : {}),
          ...Object.fromEntries(
            places.flatMap((place) => [
              [`participants.${place}.userId`, erasedId],
              [`participants.${place}.name`, ERASED_NAME],
              [`participants.${place}.addressHash`, null],
            ]),
          ),
        },
      },
    );
  }

  async restrictReports(userId: string): Promise<number> {
    const { reports } = this.records;
    let restricted = 0;
    // One after the other, since each of the two has an index of its own. No user reports themselves.
    for (const who of ['reporterId', 'reportedId']) {
      restricted += await reports.updateMany(ofUser(who, userId), { $set: { restricted: true } });
    }
    return restricted;
  }

  removePlan(userId: string): Promise<number> {
    return this.records.subscriptions.delete({ userId });
  }
}

/** Under which ids the user was in this call. MongoDB finds by range also between two ids that are both outside it. */
const idsOfUser = (userId: string, call: CallRecord): string[] =>
  call.userIds.filter((id) => userIdOf(id) === userId);

const aboutOrBy = (userId: string) => ({ $or: [{ actorId: userId }, { subjectId: userId }] });

function asSeenBy(userId: string, call: CallRecord): OwnCall {
  const { user1, user2 } = call.participants;
  const partner = user1.userId === userId ? user2 : user1;
  return {
    callId: call._id,
    mode: call.sessionType,
    status: call.status,
    startedAt: call.createdAt.getTime(),
    connectedAt: call.connectedAt?.getTime() ?? null,
    endedAt: call.endedAt?.getTime() ?? null,
    endReason: call.endReason,
    talkedSeconds: call.duration,
    partnerName: partner === null || partner.name === ERASED_NAME ? null : partner.name,
    messages: call.messages
      .filter(({ senderId }) => senderId === userId)
      .map(({ content, timestamp, status }) => ({ content, at: timestamp.getTime(), status })),
  };
}
