import type { ClientData } from '../../protocol';

/** A report as it is kept: who about whom, in which call, and what they wrote. */
export interface Report {
  readonly reportId: string;
  /** ms since the epoch */
  readonly at: number;
  readonly reporterId: string;
  readonly reportedId: string;
  readonly callId: string;
  readonly callStartedAt: number;
  readonly type: ClientData<'report_user'>['type'];
  readonly words: string;
}

/** Where reports are kept. A report that `append` has accepted is on disk. */
export interface ReportJournal {
  append(report: Report): Promise<void>;
  close(): Promise<void>;
}
