import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Report, ReportJournal } from '../app/ports/report-journal';

/** Reports as lines of JSON in one file that only ever grows, readable by its owner alone. */
export class DiskReportJournal implements ReportJournal {
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  static async open(folder: string): Promise<DiskReportJournal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new DiskReportJournal(await open(path.join(folder, 'reports.jsonl'), 'a', 0o600));
  }

  /** One after the other, so that lines never mix; each is on disk before its report is acknowledged. */
  append(report: Report): Promise<void> {
    const written = this.tail.then(async () => {
      await this.file.appendFile(`${JSON.stringify(report)}\n`);
      await this.file.datasync();
    });
    this.tail = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.tail;
    await this.file.close();
  }
}
