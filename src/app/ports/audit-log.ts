export const AUDIT_ACTIONS = [
  'account.registration_asked',
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
  'ban.imposed',
  'ban.lifted',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** An action on an account. */
export interface AuditLogEntry {
  readonly action: AuditAction;
  /** The user who did it; null: not known. */
  readonly actorId: string | null;
  /** The user whose account it concerns; null: there is no such account. */
  readonly subjectId: string | null;
  readonly addressHash: string;
  readonly userAgent: string;
  readonly errorCode?: string;
}

/** The compliance log. Entries are kept for six months and never changed. */
export interface AuditLog {
  /**
   * Resolves when the entry is stored, even while the records are away. Never rejects: the action has been done, and
   * an entry that could not be stored is reported to the operator.
   */
  append(entry: AuditLogEntry, now: number): Promise<void>;
}
