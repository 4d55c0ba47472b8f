import { Schema } from 'mongoose';
import type { Model } from '../store/record-store';
import { date, expires, id, strict } from './shared';

/** An account that waits for the link in an e-mail to its address. */
export interface PendingRegistrationRecord {
  readonly _id: string;
  readonly tokenHash: string;
  readonly userId: string;
  readonly username: string;
  readonly email: string;
  readonly emailKey: string;
  readonly passwordHash: string;
  readonly birthDate: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const registration = new Schema<PendingRegistrationRecord>(
  {
    _id: id,
    tokenHash: id,
    userId: id,
    username: id,
    email: id,
    emailKey: id,
    passwordHash: id,
    birthDate: id,
    createdAt: date,
    expiresAt: date,
  },
  strict,
);
registration.index({ tokenHash: 1 }, { unique: true });
registration.index({ userId: 1 });
registration.index({ emailKey: 1 });
expires(registration);

export const pendingRegistrationModel: Model<PendingRegistrationRecord> = {
  name: 'PendingRegistration',
  collection: 'pendingregistrations',
  schema: registration,
};
