import { Schema } from 'mongoose';
import { PRIORITIES, SEVERITIES, type Severity } from '../../domain/reports';
import { REPORT_TYPES } from '../../protocol';
import type { Model } from '../store/record-store';
import { date, id, part, strict, stringOrNull, text } from './shared';

export const REPORT_STATUSES = ['pending', 'reviewing', 'resolved', 'dismissed'] as const;

export interface ReportedLine {
  readonly senderId: string;
  readonly content: string;
  readonly timestamp: Date;
}

/** One user's report about another, with what the server itself saw of the call. Kept until a moderator decides. */
export interface ReportRecord {
  readonly _id: string;
  readonly reporterId: string;
  readonly reportedId: string;
  readonly sessionId: string;
  readonly reportType: (typeof REPORT_TYPES)[number];
  readonly description: string;
  readonly severity: Severity;
  /** 1 low … 4 critical: a number, so that a queue can be read in its order from an index. */
  readonly priority: (typeof PRIORITIES)[Severity];
  readonly status: (typeof REPORT_STATUSES)[number];
  readonly chatLog: readonly ReportedLine[];
  readonly reporterAddressHash: string | null;
  readonly reportedAddressHash: string | null;
  readonly reporterSubnetHash: string | null;
  readonly reportedDeviceHash: string | null;
  readonly callStartedAt: Date;
  /** Set when one of the two was erased: only moderation may still read it. */
  readonly restricted: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const schema = new Schema<ReportRecord>(
  {
    _id: id,
    reporterId: id,
    reportedId: id,
    sessionId: id,
    reportType: { type: String, enum: REPORT_TYPES, required: true },
    description: text(1000),
    severity: { type: String, enum: SEVERITIES, required: true },
    priority: { type: Number, enum: Object.values(PRIORITIES), required: true },
    status: { type: String, enum: REPORT_STATUSES, default: 'pending' },
    chatLog: {
      type: [
        new Schema<ReportedLine>(
          { senderId: id, content: { type: String, required: true, maxlength: 2000 }, timestamp: date },
          part,
        ),
      ],
      default: [],
    },
    reporterAddressHash: stringOrNull,
    reportedAddressHash: stringOrNull,
    reporterSubnetHash: stringOrNull,
    reportedDeviceHash: stringOrNull,
    callStartedAt: date,
    restricted: { type: Boolean, default: false },
    createdAt: date,
    updatedAt: date,
  },
  strict,
);
schema.index({ status: 1, priority: -1, createdAt: -1 });
// A reporter counts once per call.
schema.index({ reporterId: 1, sessionId: 1 }, { unique: true });
schema.index({ reportedId: 1, createdAt: -1 });
schema.index({ reportedDeviceHash: 1, createdAt: -1 });
schema.index({ createdAt: 1, _id: 1 });

export const reportModel: Model<ReportRecord> = { name: 'Report', collection: 'reports', schema };
