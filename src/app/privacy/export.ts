import type { Subscription } from '../../domain/plans';
import type { ExportReply } from '../../protocol';
import type { LoginThrottle } from '../accounts/login-throttle';
import type { AuditTrail } from '../accounts/audit-trail';
import type { Visit } from '../accounts/visit';
import type { Identity } from '../accounts/identity';
import type { Clock } from '../ports/clock';
import type { LogIn, LogIns } from '../accounts/ports/log-ins';
import type { PendingRegistration, PendingRegistrations } from '../accounts/ports/pending-registrations';
import type { OwnAuditEntry, OwnBan, OwnCall, OwnReport, PersonalRecords } from './personal-records';
import type { Subscriptions } from '../plans/ports/subscriptions';
import type { User, Users } from '../accounts/ports/users';

export interface ExportDeps {
  readonly users: Pick<Users, 'get'>;
  readonly logIns: Pick<LogIns, 'of'>;
  readonly registrations: Pick<PendingRegistrations, 'of'>;
  readonly subscriptions: Pick<Subscriptions, 'get'>;
  readonly records: PersonalRecords;
  readonly loginThrottle: LoginThrottle;
  readonly auditTrail: AuditTrail;
  readonly clock: Clock;
}

/** Everything that is kept about a user, for that user (G1). Never a hash, a token, or what others wrote. */
export class PersonalExport {
  constructor(private readonly deps: ExportDeps) {}

  /** Throws `DomainError('rate_limited')`. */
  async make({ userId, isAnonymous }: Identity, visit: Visit): Promise<ExportReply> {
    const { users, logIns, registrations, subscriptions, records, loginThrottle, auditTrail, clock } =
      this.deps;
    await loginThrottle.count('export', visit, userId);
    const now = clock.now();
    const [user, pending, plan, devices, calls, reportsMade, audit, bans, reportsAbout] = await Promise.all([
      users.get(userId),
      registrations.of(userId, now),
      subscriptions.get(userId),
      logIns.of(userId, now),
      records.calls(userId),
      records.reportsBy(userId),
      records.audit(userId),
      records.bans(userId),
      records.countReportsAbout(userId),
    ]);
    // The audit log is about accounts. Guests need no registration, and could fill the log without limit.
    if (!isAnonymous) void auditTrail.recordAction('account.exported', userId, visit);
    return {
      madeAt: now,
      account: user === null ? null : accountOf(user),
      registrations: pending.map(registrationOf),
      plan: plan === null ? null : planOf(plan),
      devices: devices.map(deviceOf),
      calls: calls.map(callOf),
      reportsMade: reportsMade.map(reportOf),
      audit: audit.map(auditEntryOf),
      bans: bans.map(banOf),
      // The user does not learn who reported them, nor in which words: that protects the reporters.
      withheld: reportsAbout > 0 ? [{ what: 'reports', count: reportsAbout }] : [],
    };
  }
}

/** Fields are named one by one, so that a field that is added to the records is not exported by accident. */
const accountOf = (user: User): NonNullable<ExportReply['account']> => ({
  id: user.id,
  isAnonymous: user.isAnonymous,
  name: user.name,
  email: user.email,
  birthDate: user.birthDate,
  profile: user.profile,
  statistics: { ...user.statistics },
  blocks: user.blocks.map(({ userId, name, at }) => ({ userId, name, at })),
  createdAt: user.createdAt,
  lastActiveAt: user.lastActiveAt,
});

const registrationOf = ({
  email,
  name,
  birthDate,
  createdAt,
  expiresAt,
}: PendingRegistration): ExportReply['registrations'][number] => ({
  email,
  name,
  birthDate,
  createdAt,
  expiresAt,
});

const planOf = (plan: Subscription): NonNullable<ExportReply['plan']> => ({
  planId: plan.planId,
  status: plan.status,
  startedAt: plan.startedAt,
  currentPeriodEnd: plan.currentPeriodEnd,
  cancelAtPeriodEnd: plan.cancelAtPeriodEnd,
  trialUsedAt: plan.trialUsedAt,
  provider: plan.provider,
  providerCustomerId: plan.providerCustomerId,
  providerSubscriptionId: plan.providerSubscriptionId,
  usage: { ...plan.usage },
});

const deviceOf = ({
  id,
  userAgent,
  createdAt,
  lastUsedAt,
  expiresAt,
}: LogIn): ExportReply['devices'][number] => ({ id, userAgent, createdAt, lastUsedAt, expiresAt });

const callOf = (call: OwnCall): ExportReply['calls'][number] => ({
  callId: call.callId,
  mode: call.mode,
  status: call.status,
  startedAt: call.startedAt,
  connectedAt: call.connectedAt,
  endedAt: call.endedAt,
  endReason: call.endReason,
  talkedSeconds: call.talkedSeconds,
  partnerName: call.partnerName,
  messages: call.messages.map(({ content, at, status }) => ({ content, at, status })),
});

const reportOf = ({
  reportId,
  callId,
  type,
  words,
  at,
  status,
}: OwnReport): ExportReply['reportsMade'][number] => ({ reportId, callId, type, words, at, status });

const auditEntryOf = ({
  action,
  at,
  userAgent,
  errorCode,
  own,
}: OwnAuditEntry): ExportReply['audit'][number] => ({
  action,
  at,
  userAgent,
  errorCode,
  own,
});

const banOf = ({ kind, reason, createdAt, endsAt, liftedAt }: OwnBan): ExportReply['bans'][number] => ({
  kind,
  reason,
  createdAt,
  endsAt,
  liftedAt,
});
