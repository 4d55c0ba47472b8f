import type { ClientData } from '../../protocol';
import type { ChatLine } from '../calls/call-history';

/** A report as it is kept: who about whom, in which call, what they wrote, and what the server itself saw of it. */
export interface Report {
  readonly reportId: string;
  readonly at: number;
  readonly reporterId: string;
  readonly reportedId: string;
  readonly callId: string;
  readonly callStartedAt: number;
  readonly type: ClientData<'report_user'>['type'];
  readonly words: string;
  readonly chatLog: readonly ChatLine[];
  /** One of the two was erased: only moderation may read it. */
  readonly restricted: boolean;
  /** Keyed hashes; the addresses themselves are never kept. */
  readonly reporterAddressHash: string | null;
  readonly reportedAddressHash: string | null;
}

/** Where reports are kept. */
export interface Reports {
  /**
   * Resolves once the report would be found after a crash. Throws `DomainError('records_unavailable')` when that cannot be
   * promised.
   */
  append(report: Report): Promise<void>;
}
