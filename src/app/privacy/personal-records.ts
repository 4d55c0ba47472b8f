import type { REPORT_TYPES } from '../../protocol';

/** A call as one of its participants may see it. Times in ms since the epoch. */
export interface OwnCall {
  readonly callId: string;
  readonly mode: string;
  readonly status: string;
  readonly startedAt: number;
  readonly connectedAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly talkedSeconds: number;
  /** The name that the partner had; null: the partner is erased, or there was none. */
  readonly partnerName: string | null;
  /** The user's own messages alone. What the partner wrote belongs to the partner. */
  readonly messages: readonly { readonly content: string; readonly at: number; readonly status: string }[];
}

export interface OwnReport {
  readonly reportId: string;
  readonly callId: string;
  readonly type: string;
  readonly words: string;
  readonly at: number;
  readonly status: string;
}

export interface OwnAuditEntry {
  readonly action: string;
  readonly at: number;
  readonly userAgent: string;
  readonly errorCode: string | null;
  /** Whether the user did it themselves. */
  readonly own: boolean;
}

/** A ban of the user; what an operator noted is not the user's to read. */
export interface OwnBan {
  readonly kind: 'ban' | 'hold';
  readonly reason: (typeof REPORT_TYPES)[number];
  readonly createdAt: number;
  readonly endsAt: number | null;
  readonly liftedAt: number | null;
}

/**
 * What the records hold about a user beyond their account, for export and erasure. Every method can be repeated.
 * Throws `DomainError('records_unavailable')` when the records cannot be reached.
 */
export interface PersonalRecords {
  /** Newest first, as all lists here. */
  calls(userId: string): Promise<OwnCall[]>;
  reportsBy(userId: string): Promise<OwnReport[]>;
  bans(userId: string): Promise<OwnBan[]>;
  /** How many bans of the user are kept, and until when; null: one of them has no end. */
  bansKept(userId: string): Promise<{ readonly count: number; readonly untilAt: number | null }>;
  countReportsAbout(userId: string): Promise<number>;
  audit(userId: string): Promise<OwnAuditEntry[]>;
  /** How many entries of the audit log are about the user, and when the last of them expires. */
  auditKept(userId: string): Promise<{ readonly count: number; readonly untilAt: number | null }>;
  /**
   * Removes the user from the calls that are kept: their messages, name and address hash go, and their id is replaced
   * by a meaningless one, a different one in every call. The call itself stays for the partner. Answers with the
   * number of calls.
   */
  eraseFromCalls(userId: string): Promise<number>;
  /** From now on only moderation may read reports by and about the user. Answers with their number. */
  restrictReports(userId: string): Promise<number>;
  /** Removes the plan and the used minutes. Answers with the number of records. */
  removePlan(userId: string): Promise<number>;
}
