import type { Ban, ReportFact } from '../../domain/bans';

/** Where bans are kept. Every method can be repeated. Throws `DomainError('records_unavailable')`. */
export interface BanStore {
  /** All bans that hold at this moment. */
  holding(now: number): Promise<Ban[]>;
  /** The newest bans, those that are over included. */
  latest(limit: number): Promise<Ban[]>;
  get(id: string): Promise<Ban | null>;
  /** Keeps a ban, or the subjects that were added to it. A ban that was lifted stays lifted. */
  put(ban: Ban): Promise<void>;
  lift(id: string, at: number): Promise<void>;
}

/** What the rule about holds reads of the reports. */
export interface ReportHistory {
  /** Reports about this user, in whichever window, or about this device, since then. */
  about(
    user: { readonly userId: string; readonly device: string | null },
    since: number,
  ): Promise<ReportFact[]>;
  /** Whom a report is about; null: there is no such report. */
  reported(reportId: string): Promise<{
    readonly userId: string;
    readonly device: string | null;
    readonly address: string | null;
  } | null>;
}
