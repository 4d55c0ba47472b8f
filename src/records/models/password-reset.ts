import { Schema } from 'mongoose';
import type { Model } from '../store/record-store';
import { count, date, dateOrNull, expires, id, strict } from './shared';

/** An e-mail whose link allows choosing a new password, once. */
export interface PasswordResetRecord {
  readonly _id: string;
  readonly tokenHash: string;
  readonly userId: string;
  /** Of the user's log-ins. Missing in records of version 0.1, where it counts as 0. */
  readonly generation?: number;
  readonly createdAt: Date;
  /** Written by version 0.1. */
  readonly usedAt: Date | null;
  readonly expiresAt: Date;
}

const reset = new Schema<PasswordResetRecord>(
  {
    _id: id,
    tokenHash: id,
    userId: id,
    generation: count,
    createdAt: date,
    usedAt: dateOrNull,
    expiresAt: date,
  },
  strict,
);
reset.index({ tokenHash: 1 }, { unique: true });
reset.index({ userId: 1 });
expires(reset);

export const passwordResetModel: Model<PasswordResetRecord> = {
  name: 'PasswordReset',
  collection: 'passwordresets',
  schema: reset,
};
