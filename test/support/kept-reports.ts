import type { ReportHistory, ReportedUser } from '../../src/app/bans/ban-store';
import type { Report } from '../../src/app/moderation/report-store';
import type { ReportFact } from '../../src/domain/bans';
import { DomainError } from '../../src/domain/error';
import { userIdOf } from '../../src/domain/users';

/** A report by reporter `n`, who is independent of all others. */
export const reportAbout = (
  reportedId: string,
  n: number,
  at: number,
  changes: Partial<Report> = {},
): Report => ({
  reportId: `report ${n}`,
  at,
  reporterId: `reporter ${n}`,
  reportedId,
  callId: `call ${n}`,
  callStartedAt: at,
  type: 'spam',
  description: '',
  chatLog: [],
  restricted: false,
  reporterAddressHash: null,
  reportedAddressHash: null,
  reporterSubnetHash: `subnet ${n}`,
  reportedDeviceHash: null,
  ...changes,
});

/** Reports as the records keep them. */
export class KeptReports implements ReportHistory {
  readonly kept: Report[] = [];
  /** They wait on the spool: the records answer without them. */
  areOnTheirWay = false;

  constructor(private readonly isAway: () => boolean) {}

  isBehind(): boolean {
    return this.areOnTheirWay;
  }

  async about(
    { userId, device }: { readonly userId: string; readonly device: string | null },
    since: number,
  ): Promise<ReportFact[]> {
    return this.here()
      .filter(({ reportedId, reportedDeviceHash, at }) => {
        const isMeant = userIdOf(reportedId) === userId || (device !== null && reportedDeviceHash === device);
        return isMeant && at >= since;
      })
      .map(({ reporterId, callId, reporterSubnetHash: reporterSubnet, at }) => ({
        ...{ reporterId, callId, reporterSubnet, at },
      }));
  }

  async since(
    at: number,
    {
      after,
      limit,
    }: { readonly after: Pick<ReportedUser, 'reportId' | 'at'> | null; readonly limit: number },
  ): Promise<ReportedUser[]> {
    const all = this.here()
      .filter((report) => report.at >= at)
      .sort((one, other) => one.at - other.at || (one.reportId < other.reportId ? -1 : 1));
    const from = after === null ? 0 : all.findIndex(({ reportId }) => reportId === after.reportId) + 1;
    return all
      .slice(from, from + limit)
      .map(({ reportId, reportedId, reportedDeviceHash: device, type: reason, at: cameAt }) => ({
        ...{ reportId, userId: userIdOf(reportedId), device, reason, at: cameAt },
      }));
  }

  async reported(): Promise<null> {
    return null;
  }

  private here(): readonly Report[] {
    if (this.isAway()) throw new DomainError('records_unavailable', 'the records are away');
    return this.areOnTheirWay ? [] : this.kept;
  }
}
