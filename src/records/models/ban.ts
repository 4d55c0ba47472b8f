import { Schema } from 'mongoose';
import { BAN_KINDS, type Ban } from '../../domain/bans';
import { REPORT_TYPES } from '../../protocol';
import type { Model } from '../store/record-store';
import { date, dateOrNull, expires, id, part, strict, text } from './shared';

/** A ban. The marks of its subjects are user ids, or keyed hashes of devices, addresses and networks. */
export interface BanRecord {
  readonly _id: string;
  readonly subjects: Ban['subjects'];
  readonly follows: Ban['follows'];
  readonly reason: (typeof REPORT_TYPES)[number];
  readonly note: string;
  readonly by: 'operator' | 'reports';
  readonly createdAt: Date;
  /** Null: for good. */
  readonly endsAt: Date | null;
  readonly liftedAt: Date | null;
  /** When the record is deleted: some time after the ban is over. */
  readonly expiresAt: Date | null;
}

const schema = new Schema<BanRecord>(
  {
    _id: id,
    subjects: {
      type: [
        new Schema<Ban['subjects'][number]>(
          { kind: { type: String, enum: BAN_KINDS, required: true }, mark: id },
          part,
        ),
      ],
      required: true,
    },
    follows: { type: [{ type: String, enum: BAN_KINDS }], default: [] },
    reason: { type: String, enum: REPORT_TYPES, required: true },
    note: text(1000),
    by: { type: String, enum: ['operator', 'reports'], required: true },
    createdAt: date,
    endsAt: dateOrNull,
    liftedAt: dateOrNull,
    expiresAt: dateOrNull,
  },
  strict,
);
schema.index({ liftedAt: 1, endsAt: 1 });
schema.index({ createdAt: -1, _id: -1 });
schema.index({ 'subjects.mark': 1, createdAt: -1 });
expires(schema);

export const banModel: Model<BanRecord> = { name: 'Ban', collection: 'bans', schema };
