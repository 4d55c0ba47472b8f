import { Schema } from 'mongoose';
import { REPORT_TYPES } from '../../protocol';
import type { Model } from '../store/record-store';
import { date, dateOrNull, id, strict, stringOrNull, text } from './shared';

export const BAN_KINDS = ['account', 'guest', 'device', 'address'] as const;

/** A ban. `subject` is a user id, a device's mark, or the keyed hash of an address or subnet. */
export interface BanRecord {
  readonly _id: string;
  readonly kind: (typeof BAN_KINDS)[number];
  readonly subject: string;
  readonly reason: (typeof REPORT_TYPES)[number];
  readonly words: string;
  /** Who decided. */
  readonly by: string | null;
  /** False once lifted or run out: a subject has at most one active ban of a kind. */
  readonly active: boolean;
  readonly createdAt: Date;
  /** Null: for good. */
  readonly endsAt: Date | null;
  readonly liftedAt: Date | null;
}

const schema = new Schema<BanRecord>(
  {
    _id: id,
    kind: { type: String, enum: BAN_KINDS, required: true },
    subject: id,
    reason: { type: String, enum: REPORT_TYPES, required: true },
    words: text(1000),
    by: stringOrNull,
    active: { type: Boolean, default: true },
    createdAt: date,
    endsAt: dateOrNull,
    liftedAt: dateOrNull,
  },
  strict,
);
schema.index({ kind: 1, subject: 1 }, { unique: true, partialFilterExpression: { active: true } });
schema.index({ active: 1, endsAt: 1 });

export const banModel: Model<BanRecord> = { name: 'Ban', collection: 'bans', schema };
