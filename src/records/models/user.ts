import { Schema } from 'mongoose';
import { AGE_BANDS, GENDERS, LIMITS, MODES, type AgeBand, type Gender, type Mode } from '../../protocol';
import type { Model } from '../store/record-store';
import { count, date, dateOrNull, expires, id, part, strict, stringOrNull } from './shared';

/** Whom a user would like to meet, stored so that the user need not enter it again. */
export interface PreferencesRecord {
  readonly mode: Mode;
  readonly wantedGenders: readonly Gender[];
  readonly wantedAgeBands: readonly AgeBand[];
  readonly avoidCountries: readonly string[];
  readonly blurFirst: boolean;
}

export interface BlockRecord {
  readonly userId: string;
  /** The name that the blocked user had, so that the list of blocks can be read. */
  readonly name: string;
  readonly at: Date;
}

export interface StatisticsRecord {
  readonly calls: number;
  readonly talkedMs: number;
  readonly longestMs: number;
  readonly messagesSent: number;
  readonly skipped: number;
}

/** A user: a guest, kept for 24 hours after the last visit, or an account, kept until it is erased. */
export interface UserRecord {
  readonly _id: string;
  readonly isAnonymous: boolean;
  readonly username: string;
  readonly email: string | null;
  /** The e-mail address in the form used for comparison: unique among accounts. */
  readonly emailKey: string | null;
  readonly passwordHash: string | null;
  /** Of the log-ins. Missing in records of version 0.1, where it counts as 0, as does the log-in that was kept. */
  readonly logInGeneration?: number;
  readonly keptLogInId?: string | null;
  /** `YYYY-MM-DD` */
  readonly birthDate: string | null;
  readonly gender: Gender | null;
  readonly country: string | null;
  readonly languages: readonly string[];
  readonly interests: readonly string[];
  readonly preferences: PreferencesRecord;
  readonly sessionStats: StatisticsRecord;
  readonly blockedUsers: readonly BlockRecord[];
  /** Ids of calls the statistics have counted lately, so that none is counted twice. */
  readonly countedCalls: readonly string[];
  readonly lastActiveAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null for accounts. */
  readonly expiresAt: Date | null;
}

const preferences = new Schema<PreferencesRecord>(
  {
    mode: { type: String, enum: MODES, default: 'video' },
    wantedGenders: { type: [{ type: String, enum: GENDERS }], default: [] },
    wantedAgeBands: { type: [{ type: String, enum: AGE_BANDS }], default: [] },
    avoidCountries: { type: [String], default: [] },
    blurFirst: { type: Boolean, default: true },
  },
  part,
);

const statistics = new Schema<StatisticsRecord>(
  { calls: count, talkedMs: count, longestMs: count, messagesSent: count, skipped: count },
  part,
);

const schema = new Schema<UserRecord>(
  {
    _id: id,
    isAnonymous: { type: Boolean, required: true },
    username: { type: String, required: true, maxlength: LIMITS.writtenChars },
    email: { type: String, default: null, maxlength: 254 },
    emailKey: { type: String, default: null, maxlength: 254 },
    passwordHash: stringOrNull,
    logInGeneration: count,
    keptLogInId: stringOrNull,
    birthDate: { type: String, default: null, match: /^\d{4}-\d{2}-\d{2}$/ },
    gender: { type: String, enum: [...GENDERS, null], default: null },
    country: { type: String, default: null, match: /^[A-Z]{2}$/ },
    languages: { type: [String], default: [] },
    interests: { type: [String], default: [] },
    preferences: { type: preferences, default: () => ({}) },
    sessionStats: { type: statistics, default: () => ({}) },
    blockedUsers: { type: [new Schema<BlockRecord>({ userId: id, name: id, at: date }, part)], default: [] },
    countedCalls: { type: [String], default: [] },
    lastActiveAt: date,
    createdAt: date,
    updatedAt: date,
    expiresAt: dateOrNull,
  },
  strict,
);
schema.index({ emailKey: 1 }, { unique: true, partialFilterExpression: { isAnonymous: false } });
schema.index({ isAnonymous: 1, lastActiveAt: -1 });
schema.index({ interests: 1 });
// An erased user is removed from all lists of blocks.
schema.index({ 'blockedUsers.userId': 1 });
expires(schema);

export const userModel: Model<UserRecord> = { name: 'User', collection: 'users', schema };
