import { systemClock } from '../../src/memory/clock';
import type {
  BanRecord,
  CallRecord,
  LogInRecord,
  ReportRecord,
  SubscriptionRecord,
  UserRecord,
} from '../../src/records/models';

export const AT = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(systemClock.now() + ms);

/** A logger that drops everything. */
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Sparse<R> = Partial<R> & { readonly _id: string };

/** A new record of each kind with the required fields, changed as a test wants it. */
export const user = (id: string, changes: Partial<UserRecord> = {}): Sparse<UserRecord> => ({
  _id: id,
  isAnonymous: true,
  username: 'CoolPanda1234',
  lastActiveAt: AT,
  createdAt: AT,
  updatedAt: AT,
  ...changes,
});

export const ban = (id: string, changes: Partial<BanRecord> = {}): Sparse<BanRecord> => ({
  _id: id,
  subjects: [{ kind: 'user', mark: 'somebody' }],
  follows: ['device'],
  reason: 'spam',
  by: 'operator',
  createdAt: AT,
  ...changes,
});

export const report = (id: string, changes: Partial<ReportRecord> = {}): Sparse<ReportRecord> => ({
  _id: id,
  reporterId: 'reporter',
  reportedId: 'reported',
  sessionId: `call of ${id}`,
  reportType: 'spam',
  severity: 'low',
  priority: 1,
  callStartedAt: AT,
  createdAt: AT,
  updatedAt: AT,
  ...changes,
});

export const subscription = (
  id: string,
  changes: Partial<SubscriptionRecord> = {},
): Sparse<SubscriptionRecord> => ({
  _id: id,
  userId: id,
  planId: 'free',
  status: 'active',
  startedAt: AT,
  createdAt: AT,
  updatedAt: AT,
  ...changes,
});

export const logIn = (id: string, changes: Partial<LogInRecord> = {}): Sparse<LogInRecord> => ({
  _id: id,
  tokenHash: `hash of ${id}`,
  userId: 'somebody',
  createdAt: AT,
  lastUsedAt: AT,
  expiresAt: later(3_600_000),
  ...changes,
});

const participant = (userId: string) => ({
  userId,
  name: 'CoolPanda1234',
  isAnonymous: true,
  region: 'local',
  addressHash: null,
  joinedAt: AT,
});

export const message = (id: string, changes: Partial<CallRecord['messages'][number]> = {}) => ({
  id,
  senderId: 'anna',
  senderUsername: 'CoolPanda1234',
  type: 'text' as const,
  content: 'hello',
  timestamp: AT,
  status: 'sent' as const,
  ...changes,
});

export const call = (id: string, changes: Partial<CallRecord> = {}): Sparse<CallRecord> => ({
  _id: id,
  sessionId: id,
  sessionType: 'video',
  status: 'waiting',
  participants: { user1: participant('anna'), user2: participant('ben') },
  userIds: ['anna', 'ben'],
  nodeId: 'node',
  aliveAt: AT,
  createdAt: AT,
  updatedAt: AT,
  expiresAt: later(3_600_000),
  ...changes,
});
