import type { AuditAction, AuditLog } from '../ports/audit-log';
import type { Clock } from '../ports/clock';
import type { Visit } from './visit';

/** Writes into the audit log what users did, or tried to do, with an account. */
export class AuditTrail {
  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** A user did something with their own account. */
  recordAction(action: AuditAction, userId: string, visit: Visit): Promise<void> {
    return this.record(action, userId, userId, visit);
  }

  /** An unknown caller tried something with an account, or with one that does not exist (null). */
  recordAttempt(
    action: AuditAction,
    subjectId: string | null,
    visit: Visit,
    errorCode?: string,
  ): Promise<void> {
    return this.record(action, null, subjectId, visit, errorCode);
  }

  private record(
    action: AuditAction,
    actorId: string | null,
    subjectId: string | null,
    { addressHashes, userAgent }: Visit,
    errorCode?: string,
  ): Promise<void> {
    const from = { addressHash: addressHashes.address, userAgent };
    const fault = errorCode === undefined ? {} : { errorCode };
    return this.audit.append({ action, actorId, subjectId, ...from, ...fault }, this.clock.now());
  }
}
