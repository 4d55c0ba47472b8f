import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PRIORITIES, severityOf } from '../../domain/reports';
import { REPORT_TYPES } from '../../protocol';
import { linesOf } from '../files/lines';
import { reportModel, type ReportRecord } from '../models';
import { DuplicateRecord } from '../store/record-store';
import { MigrationFailure, type Migration, type MigrationContext } from './migration';

/** A line of the file in which version 0.1 kept reports. */
const reportSchema = z.object({
  reportId: z.string().min(1),
  at: z.number(),
  reporterId: z.string().min(1),
  reportedId: z.string().min(1),
  callId: z.string().min(1),
  callStartedAt: z.number(),
  type: z.enum(REPORT_TYPES),
  words: z.string(),
});
type OldReport = z.infer<typeof reportSchema>;

const FILE = 'reports.jsonl';
const ADOPTED = 'reports.adopted.jsonl';

/**
 * Takes the reports of version 0.1, which were lines of a file, into the records, and renames the file. `down` removes
 * those that are still undecided from the records, and gives the file its old name.
 */
export const adoptReportFile: Migration = {
  version: 1,
  name: 'adopt the report file of version 0.1',

  async up({ store, dataDir, isDryRun, progress }) {
    const reports = await readReports(path.join(dataDir, FILE));
    if (reports === undefined || isDryRun) return reports?.length ?? 0;
    const collection = store.collection(reportModel);
    let adopted = 0;
    for (const [at, report] of reports.entries()) {
      const { _id, ...fields } = recordOf(report);
      try {
        await collection.update({ _id }, { $setOnInsert: fields }, { upsert: true });
        adopted += 1;
      } catch (error) {
        // A reporter counts once per call; version 0.1 did not check that.
        if (!(error instanceof DuplicateRecord)) throw error;
      }
      progress(at + 1);
    }
    await rename(path.join(dataDir, FILE), path.join(dataDir, ADOPTED));
    return adopted;
  },

  async down(context) {
    const { store, dataDir, isDryRun, progress } = context;
    const reports = (await readReports(path.join(dataDir, ADOPTED))) ?? [];
    await mustNotReplace(context, reports);
    const collection = store.collection(reportModel);
    let taken = 0;
    for (const [at, { reportId }] of reports.entries()) {
      // A report under review or decided holds more than the file does, so it stays.
      const undecided = { _id: reportId, status: 'pending' };
      taken += isDryRun ? await collection.count(undecided) : await collection.delete(undecided);
      progress(at + 1);
    }
    if (!isDryRun && reports.length > 0) await rename(path.join(dataDir, ADOPTED), path.join(dataDir, FILE));
    return taken;
  },
};

async function mustNotReplace({ dataDir }: MigrationContext, reports: readonly OldReport[]): Promise<void> {
  if (reports.length === 0 || (await readReports(path.join(dataDir, FILE))) === undefined) return;
  throw new MigrationFailure(
    `Both ${FILE} and ${ADOPTED} are in ${dataDir}. Move one of them elsewhere, then run this again.`,
  );
}

/** Everything in a file of reports, or undefined where there is no such file. Read whole before anything is changed. */
async function readReports(name: string): Promise<OldReport[] | undefined> {
  const file = await open(name, 'r').catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  const reports: OldReport[] = [];
  try {
    for await (const { text, number, isEnded } of linesOf(file)) {
      const parsed = reportSchema.safeParse(parseJson(text));
      if (parsed.success) reports.push(parsed.data);
      // A last line without an end was being written at a crash and was never acknowledged.
      else if (isEnded && text !== '')
        throw new MigrationFailure(
          `Line ${number} of ${name} is no report. Nothing was changed. Correct the line or take it out, then run this again.`,
        );
    }
  } finally {
    await file.close();
  }
  return reports;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(report: OldReport): ReportRecord {
  const severity = severityOf(report.type);
  const at = new Date(report.at);
  return {
    _id: report.reportId,
    reporterId: report.reporterId,
    reportedId: report.reportedId,
    sessionId: report.callId,
    reportType: report.type,
    description: report.words.slice(0, 1000),
    severity,
    priority: PRIORITIES[severity],
    status: 'pending',
    chatLog: [],
    reporterAddressHash: null,
    reportedAddressHash: null,
    reporterSubnetHash: null,
    reportedDeviceHash: null,
    callStartedAt: new Date(report.callStartedAt),
    restricted: false,
    createdAt: at,
    updatedAt: at,
  };
}
