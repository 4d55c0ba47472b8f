import type { Ban, BanSubject, ReportFact } from '../../domain/bans';
import type { Lifting } from './lifted-bans';

/** Where bans are kept. Every method can be repeated. Throws `DomainError('records_unavailable')`. */
export interface BanStore {
  /** A page of the bans that hold at this moment, in the order of their ids: from behind `after` on, or from the first. */
  holding(now: number, page: { readonly after: string | null; readonly limit: number }): Promise<Ban[]>;
  /** The newest bans, those that are over included; with `before`, of those that are older than it. */
  latest(limit: number, before?: Pick<Ban, 'id' | 'createdAt'>): Promise<Ban[]>;
  /** The liftings that are kept, the newest first. */
  lifted(limit: number): Promise<Lifting[]>;
  /** Every ban about any of these that was made since then, the newest first, those that are over included. */
  about(subjects: readonly BanSubject[], since: number): Promise<Ban[]>;
  get(id: string): Promise<Ban | null>;
  /** Keeps a ban, or the subjects that were added to it. A ban that was lifted stays lifted. */
  put(ban: Ban): Promise<void>;
  lift(id: string, at: number): Promise<void>;
}

/** A report, as far as whoever looks for reports that nobody has weighed has to know it. */
export interface ReportedUser {
  readonly reportId: string;
  /** Whose window the report is about. */
  readonly userId: string;
  readonly device: string | null;
  readonly reason: Ban['reason'];
  /** ms since the epoch */
  readonly at: number;
}

/** What the rule about holds reads of the reports. Throws `DomainError('records_unavailable')`. */
export interface ReportHistory {
  /** Whether reports that were acknowledged here still wait to be brought to the records. */
  isBehind(): boolean;
  /** A page of the reports that were made since then, the oldest first: from behind `after` on, or from the first. */
  since(
    at: number,
    page: { readonly after: Pick<ReportedUser, 'reportId' | 'at'> | null; readonly limit: number },
  ): Promise<ReportedUser[]>;
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
