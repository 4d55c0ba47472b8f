import type { Report, Reports } from '../../app/moderation/report-store';
import { PRIORITIES, severityOf } from '../../domain/reports';
import { callModel, reportModel, type ReportRecord } from '../models';
import type { Outbox } from '../store/outbox';
import { unavailable } from '../store/domain-errors';
import { StoreUnavailable } from '../store/record-store';

/** How long a reporter waits for the reply that a report could not be stored. */
const DEADLINE_MS = 5_000;

/** Keeps reports in the records, by way of the outbox: one that was acknowledged is never lost. */
export class RecordedReports implements Reports {
  constructor(private readonly outbox: Pick<Outbox, 'write'>) {}

  async append(report: Report): Promise<void> {
    const entries = [
      {
        collection: reportModel.collection,
        filter: { _id: report.reportId },
        update: { $setOnInsert: { ...recordOf(report) } },
        upsert: true,
      },
      {
        collection: callModel.collection,
        filter: { _id: report.callId },
        update: { $addToSet: { reports: report.reportId } },
        upsert: false,
      },
    ];
    try {
      await Promise.all(entries.map((entry) => this.outbox.write(entry, DEADLINE_MS)));
    } catch (error) {
      throw error instanceof StoreUnavailable ? unavailable() : error;
    }
  }
}

function recordOf(report: Report): Omit<ReportRecord, '_id'> {
  const severity = severityOf(report.type);
  const at = new Date(report.at);
  return {
    reporterId: report.reporterId,
    reportedId: report.reportedId,
    sessionId: report.callId,
    reportType: report.type,
    description: report.description,
    severity,
    priority: PRIORITIES[severity],
    status: 'pending',
    chatLog: report.chatLog.map((line) => ({ ...line, timestamp: new Date(line.timestamp) })),
    reporterAddressHash: report.reporterAddressHash,
    reportedAddressHash: report.reportedAddressHash,
    reporterSubnetHash: report.reporterSubnetHash,
    reportedDeviceHash: report.reportedDeviceHash,
    callStartedAt: new Date(report.callStartedAt),
    restricted: report.restricted,
    createdAt: at,
    updatedAt: at,
  };
}
