import { randomUUID } from 'node:crypto';
import {
  callModel,
  reportModel,
  subscriptionModel,
  userModel,
  type CallRecord,
  type ReportRecord,
  type SubscriptionRecord,
  type UserRecord,
} from '../../src/records/models';
import { CheckedModel } from '../../src/records/store/checked-model';

const AT = new Date();
const DAY_MS = 86_400_000;
const times = { createdAt: AT, updatedAt: AT };
const participant = (userId: string) => ({
  userId,
  name: 'CoolPanda1234',
  isAnonymous: true,
  region: 'local',
  addressHash: null,
  joinedAt: AT,
});

/** Whole records like those of a site that has run for a while: one report in fifty still waits. */
export class LiveStats {
  private constructor(
    private readonly templates: {
      readonly user: UserRecord;
      readonly subscription: SubscriptionRecord;
      readonly call: CallRecord;
      readonly report: ReportRecord;
    },
  ) {}

  /** The schema makes one record of each kind; the others differ from it in what queries look at. */
  static async prepare(): Promise<LiveStats> {
    const id = '-';
    return new LiveStats({
      user: await new CheckedModel<UserRecord>(userModel).record({
        _id: id,
        isAnonymous: false,
        username: 'CoolPanda1234',
        interests: ['sea', 'tea'],
        lastActiveAt: AT,
        ...times,
      }),
      subscription: await new CheckedModel<SubscriptionRecord>(subscriptionModel).record({
        _id: id,
        userId: id,
        planId: 'premium',
        status: 'active',
        startedAt: AT,
        ...times,
      }),
      call: await new CheckedModel<CallRecord>(callModel).record({
        _id: id,
        sessionId: id,
        sessionType: 'video',
        status: 'ended',
        participants: { user1: participant(id), user2: participant(id) },
        userIds: [id, id],
        nodeId: 'node',
        aliveAt: AT,
        expiresAt: new Date(AT.getTime() + DAY_MS),
        ...times,
      }),
      report: await new CheckedModel<ReportRecord>(reportModel).record({
        _id: id,
        reporterId: id,
        reportedId: id,
        sessionId: id,
        reportType: 'spam',
        description: 'They only advertise something, again and again, and do not listen.',
        severity: 'low',
        priority: 1,
        callStartedAt: AT,
        ...times,
      }),
    });
  }

  user(at: number): UserRecord {
    const name = `${at}@example.com`;
    return { ...this.templates.user, _id: `user${at}`, email: name, emailKey: name };
  }

  subscription(at: number): SubscriptionRecord {
    const ids = { providerCustomerId: `cus_${at}`, providerSubscriptionId: `sub_${at}` };
    return { ...this.templates.subscription, _id: `user${at}`, userId: `user${at}`, ...ids };
  }

  call(at: number): CallRecord {
    const userIds = [`user${at}`, `user${at + 1}`];
    const status = at % 20 === 0 ? 'connected' : 'ended';
    return { ...this.templates.call, _id: `call${at}`, sessionId: `call${at}`, userIds, status };
  }

  report(at: number): ReportRecord {
    const priority = ((at % 4) + 1) as ReportRecord['priority'];
    return {
      ...this.templates.report,
      _id: randomUUID(),
      reporterId: `user${at % 9973}`,
      reportedId: `user${at % 997}`,
      sessionId: `call${at}`,
      priority,
      status: at % 50 === 0 ? 'pending' : 'resolved',
      createdAt: new Date(AT.getTime() - at * 1000),
    };
  }
}
