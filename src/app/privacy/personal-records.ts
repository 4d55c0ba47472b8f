/** A call as one of its people may see it. Times in ms since the epoch. */
export interface OwnCall {
  readonly callId: string;
  readonly mode: string;
  readonly status: string;
  readonly startedAt: number;
  readonly connectedAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly talkedSeconds: number;
  /** The name the other one had; null: they are erased, or there was none. */
  readonly partnerName: string | null;
  /** One's own alone: what the other one wrote is theirs. */
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
  /** Whether one did it oneself. */
  readonly own: boolean;
}

/**
 * What the records hold of one person beyond their account: to show it and to erase it. Everything may be done twice.
 * Throws `DomainError('records_unavailable')` when they cannot be reached.
 */
export interface PersonalRecords {
  /** Newest first, as all lists here. */
  calls(userId: string): Promise<OwnCall[]>;
  reportsBy(userId: string): Promise<OwnReport[]>;
  countReportsAbout(userId: string): Promise<number>;
  audit(userId: string): Promise<OwnAuditEntry[]>;
  /** How many entries of the audit log are about somebody, and when the last of them ends. */
  auditKept(userId: string): Promise<{ readonly count: number; readonly untilAt: number | null }>;
  /**
   * Takes somebody out of the calls that are kept: what they wrote, their name and mark of address go, and where their
   * id was there is one that means nothing, another in every call. The call itself stays the other one's. Answers with
   * how many calls these were.
   */
  eraseFromCalls(userId: string): Promise<number>;
  /** Reports by and about somebody are for moderation alone from now on; answers with how many there are. */
  restrictReports(userId: string): Promise<number>;
  /** The plan and the minutes used. */
  removePlan(userId: string): Promise<number>;
}
