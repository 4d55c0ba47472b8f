import { Schema } from 'mongoose';
import type { Model } from '../store/record-store';
import { date, expires, id, strict, stringOrNull, text } from './shared';

/** An action that has to be accountable for six months. Entries are only added. */
export interface AuditRecord {
  readonly _id: string;
  readonly action: string;
  /** Who did it: a user id, or `operator`, or null when unknown. */
  readonly actorId: string | null;
  /** The user or thing it was done to. */
  readonly subjectId: string | null;
  readonly timestamp: Date;
  readonly addressHash: string | null;
  readonly userAgent: string;
  readonly errorCode: string | null;
  /** Flat facts; never secrets, addresses or texts that users wrote. */
  readonly metadata: Readonly<Record<string, string | number | boolean | null>>;
  readonly expiresAt: Date;
}

const schema = new Schema<AuditRecord>(
  {
    _id: id,
    action: id,
    actorId: stringOrNull,
    subjectId: stringOrNull,
    timestamp: date,
    addressHash: stringOrNull,
    userAgent: text(400),
    errorCode: stringOrNull,
    metadata: { type: Schema.Types.Mixed, default: {} },
    expiresAt: date,
  },
  strict,
);
schema.index({ actorId: 1, timestamp: -1 });
schema.index({ subjectId: 1, timestamp: -1 });
schema.index({ action: 1, timestamp: -1 });
expires(schema);

export const auditModel: Model<AuditRecord> = { name: 'AuditEntry', collection: 'auditentries', schema };
