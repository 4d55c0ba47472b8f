import { createHash } from 'node:crypto';
import { open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../app/ports/clock';
import { FILE_MODE, syncFolder } from '../files/folder';
import { MODELS } from '../models';
import type { AnyModel, Identified, Model, RecordStore } from '../store/record-store';
import { FORMAT, headerLine, recordLine, trailerLine, VERSION, type BackupHeader } from './backup-format';
import { MaintenanceFailure } from './failure';
import { Progress } from './progress';

const PAGE = 1_000;
const COPY_BYTES = 1 << 20;

export interface BackupOptions {
  readonly store: RecordStore;
  /** A file that does not exist yet, or a folder that does. */
  readonly target: string;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/**
 * Writes every record to one file, which appears under its name only when it is whole and on disk. While other processes
 * write, each record is as it was at some moment of the backup.
 */
export async function backup({
  store,
  target,
  clock,
  say,
}: BackupOptions): Promise<{ file: string; counts: BackupHeader['counts'] }> {
  const file = await fileFor(target, clock.now());
  const [body, part] = [`${file}.body`, `${file}.part`];
  const progress = new Progress(clock, say);
  const counts: Record<string, number> = {};
  try {
    const written = await open(body, 'w+', FILE_MODE);
    try {
      for (const model of MODELS) counts[model.collection] = await writeAll(store, model, written, progress);
      await assemble(written, part, {
        format: FORMAT,
        version: VERSION,
        createdAt: new Date(clock.now()),
        counts,
      });
    } finally {
      await written.close();
    }
    await rename(part, file);
    await syncFolder(path.dirname(file));
  } finally {
    for (const name of [body, part]) await unlink(name).catch(() => undefined);
  }
  return { file, counts };
}

async function fileFor(target: string, now: number): Promise<string> {
  const found = await stat(target).catch(() => undefined);
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const file = found?.isDirectory() ? path.join(target, `passerby-records-${stamp}.jsonl`) : target;
  const isThere = found?.isDirectory() ? await stat(file).catch(() => undefined) : found;
  if (isThere !== undefined) throw new MaintenanceFailure(`${file} exists already. Choose another name.`);
  const folder = path.dirname(path.resolve(file));
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new MaintenanceFailure(`There is no folder ${folder}. Make it, or choose another place.`);
  return file;
}

/** Page by page in the order of ids, so that no record is read twice or left out while other processes write. */
async function writeAll(
  store: RecordStore,
  model: AnyModel,
  file: FileHandle,
  progress: Progress,
): Promise<number> {
  // Which kind of record it is does not matter here.
  const collection = store.collection(model as Model<Identified>);
  let count = 0;
  for (let after: string | undefined; ;) {
    const filter = after === undefined ? {} : { _id: { $gt: after } };
    const page = await collection.find(filter, { sort: { _id: 1 }, limit: PAGE });
    const lines = page.map((record) =>
      recordLine({ collection: model.collection, record: record as Identified & Record<string, unknown> }),
    );
    await file.appendFile(lines.join(''));
    count += page.length;
    progress.at(model.collection, count);
    if (page.length < PAGE) return count;
    after = page.at(-1)?._id;
  }
}

/** The header has the number of records, so the file is put together when that is known. */
async function assemble(body: FileHandle, name: string, header: BackupHeader): Promise<void> {
  const sum = createHash('sha256');
  const file = await open(name, 'w', FILE_MODE);
  try {
    const add = async (bytes: Buffer): Promise<void> => {
      sum.update(bytes);
      await file.appendFile(bytes);
    };
    await add(Buffer.from(headerLine(header)));
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (let at = 0; ;) {
      const { bytesRead } = await body.read(buffer, 0, COPY_BYTES, at);
      if (bytesRead === 0) break;
      await add(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    await file.appendFile(trailerLine(sum.digest('hex')));
    await file.sync();
  } finally {
    await file.close();
  }
}
