import { randomUUID } from 'node:crypto';
import type { AuditLog, AuditLogEntry } from '../../app/ports/audit-log';
import { keptUserAgent } from '../../domain/users';
import { auditModel, type AuditRecord } from '../models';
import { DAY_MS } from '../models/shared';
import type { Outbox } from '../store/outbox';

/** Six months (G2). */
export const AUDIT_KEPT_MS = 183 * DAY_MS;

/** The audit log in the records, by way of the outbox: an entry survives both a store that is away and a crash. */
export class RecordedAuditLog implements AuditLog {
  constructor(
    private readonly outbox: Pick<Outbox, 'write'>,
    private readonly reportError: (error: unknown, words: string) => void,
  ) {}

  async append(
    { action, actorId, subjectId, addressHash, userAgent, errorCode = '' }: AuditLogEntry,
    now: number,
  ): Promise<void> {
    const record: Omit<AuditRecord, '_id'> = {
      action,
      actorId,
      subjectId,
      timestamp: new Date(now),
      addressHash,
      userAgent: keptUserAgent(userAgent),
      errorCode: errorCode === '' ? null : errorCode,
      metadata: {},
      expiresAt: new Date(now + AUDIT_KEPT_MS),
    };
    const entry = {
      collection: auditModel.collection,
      filter: { _id: randomUUID() },
      update: { $setOnInsert: { ...record } },
      upsert: true,
    };
    await this.outbox
      .write(entry)
      .catch((error: unknown) => this.reportError(error, 'an audit entry could not be kept'));
  }
}
