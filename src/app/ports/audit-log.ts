export const AUDIT_ACTIONS = [
  'account.registered',
  'account.logged_in',
  'account.log_in_failed',
  'account.logged_out',
  'account.password_changed',
  'account.reset_asked',
  'account.reset_done',
  'account.exported',
  'account.erase_asked',
  'account.erased',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Something that was done with an account. */
export interface AuditLogEntry {
  readonly action: AuditAction;
  /** Who did it; null: nobody known. */
  readonly actorId: string | null;
  /** Whose account it concerns; null: nobody's. */
  readonly subjectId: string | null;
  readonly addressHash: string;
  readonly userAgent: string;
  readonly errorCode?: string;
}

/** For six months, and only ever added to. */
export interface AuditLog {
  /**
   * Resolves when it is kept, though the records may be away. Never rejects: what was done stays done, and a note that
   * could not be kept is told to the operator.
   */
  append(note: AuditLogEntry, now: number): Promise<void>;
}
