import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { fromDatedJson, toDatedJson } from '../files/dated-json';
import { linesOf } from '../files/lines';
import type { Identified } from '../store/record-store';
import { MaintenanceFailure } from './failure';

/**
 * A backup is lines of JSON: a header that says what follows, a line for each record with dates as `{"$date": ms}`,
 * and a last line with the SHA-256 of every byte before it.
 */
export const FORMAT = 'passerby-records';
export const VERSION = 1;

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  createdAt: z.date(),
  counts: z.record(z.string(), z.number().int().min(0)),
});
export type BackupHeader = z.infer<typeof headerSchema>;

const recordSchema = z.strictObject({
  collection: z.string(),
  record: z.looseObject({ _id: z.string() }),
});
export interface BackupRecord {
  readonly collection: string;
  readonly record: Identified & Record<string, unknown>;
}

const trailerSchema = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

export const headerLine = (header: BackupHeader): string => `${toDatedJson(header)}\n`;
export const recordLine = (record: BackupRecord): string => `${toDatedJson(record)}\n`;
export const trailerLine = (sha256: string): string => `${toDatedJson({ sha256 })}\n`;

const read = (text: string): unknown => {
  try {
    return fromDatedJson(text);
  } catch {
    return undefined;
  }
};

/**
 * Reads a backup: passes each record to `take`, then checks count and SHA-256. The records are valid only when this has
 * resolved. Throws `MaintenanceFailure` with a message for the operator.
 */
export async function readBackup(
  file: FileHandle,
  name: string,
  take: (record: BackupRecord) => Promise<void> | void,
): Promise<BackupHeader> {
  const sum = createHash('sha256');
  let header: BackupHeader | undefined;
  let trailer: string | undefined;
  const counts: Record<string, number> = {};
  const damaged = (line: number): MaintenanceFailure =>
    new MaintenanceFailure(`Line ${line} of ${name} is damaged. Nothing was changed. Take another backup.`);
  for await (const { text, number, isEnded } of linesOf(file)) {
    if (trailer !== undefined || !isEnded) throw damaged(number);
    const value = read(text);
    if (header === undefined) {
      const parsed = headerSchema.safeParse(value);
      if (!parsed.success)
        throw new MaintenanceFailure(`${name} is no backup of records that this program can read.`);
      header = parsed.data;
    } else {
      const parsed = recordSchema.safeParse(value);
      if (!parsed.success) {
        trailer = trailerSchema.safeParse(value).data?.sha256;
        if (trailer === undefined) throw damaged(number);
        continue;
      }
      counts[parsed.data.collection] = (counts[parsed.data.collection] ?? 0) + 1;
      await take(parsed.data);
    }
    sum.update(`${text}\n`);
  }
  const expected = header?.counts ?? {};
  const isComplete = Object.keys({ ...expected, ...counts }).every(
    (key) => (expected[key] ?? 0) === (counts[key] ?? 0),
  );
  if (header === undefined || trailer === undefined || trailer !== sum.digest('hex') || !isComplete)
    throw new MaintenanceFailure(
      `${name} is not whole: it was cut off or changed since it was made. Nothing was changed. Take another backup.`,
    );
  return header;
}
