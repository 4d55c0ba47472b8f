import type { ClientData } from '../../protocol';
import type { ChatLine } from '../calls/call-history';

/**
 * A report as it is kept: who reported whom, in which call, how they describe it, and what the server itself saw of the call.
 */
export interface Report {
  readonly reportId: string;
  readonly at: number;
  readonly reporterId: string;
  readonly reportedId: string;
  readonly callId: string;
  readonly callStartedAt: number;
  readonly type: ClientData<'report_user'>['type'];
  /** What the reporter wrote. */
  readonly description: string;
  readonly chatLog: readonly ChatLine[];
  /** The reporter or the reported user was erased, so only moderation may read the report. */
  readonly restricted: boolean;
  /** Keyed hashes; the addresses themselves are never kept. */
  readonly reporterAddressHash: string | null;
  readonly reportedAddressHash: string | null;
  /** By these, reports of one network are told from independent ones, and a new guest from another person. */
  readonly reporterSubnetHash: string | null;
  readonly reportedDeviceHash: string | null;
}

/** Where reports are kept. */
export interface Reports {
  /**
   * Resolves once the report would survive a crash. Throws `DomainError('records_unavailable')` when that cannot be
   * promised.
   */
  append(report: Report): Promise<void>;
}
