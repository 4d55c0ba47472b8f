import { Schema } from 'mongoose';
import type { Model } from '../store/record-store';
import { count, date, expires, id, strict, text } from './shared';

/** An account's log-in on one device, known by the hash of the token in its cookie. */
export interface LogInRecord {
  readonly _id: string;
  readonly tokenHash: string;
  readonly userId: string;
  /** Missing in records of version 0.1, where it counts as 0. */
  readonly generation?: number;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

const logIn = new Schema<LogInRecord>(
  {
    _id: id,
    tokenHash: id,
    userId: id,
    generation: count,
    userAgent: text(400),
    createdAt: date,
    lastUsedAt: date,
    expiresAt: date,
  },
  strict,
);
logIn.index({ tokenHash: 1 }, { unique: true });
logIn.index({ userId: 1, lastUsedAt: -1 });
expires(logIn);

export const logInModel: Model<LogInRecord> = { name: 'LogIn', collection: 'logins', schema: logIn };
