import { open } from 'node:fs/promises';
import type { Clock } from '../../app/ports/clock';
import { MODELS } from '../models';
import { CheckedModel } from '../store/checked-model';
import { isPlainObject } from '../store/language';
import {
  InvalidRecord,
  type AnyModel,
  type Collection,
  type Identified,
  type Model,
  type RecordStore,
} from '../store/record-store';
import { readBackup, type BackupHeader, type BackupRecord } from './backup-format';
import { MaintenanceFailure } from './failure';
import { Progress } from './progress';

/** Records written at once. */
const AT_ONCE = 64;

export interface RestoreOptions {
  readonly store: RecordStore;
  readonly file: string;
  /** Delete what the store holds first. */
  readonly replace: boolean;
  readonly isDryRun: boolean;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/**
 * Restores the records of a backup. The whole file is read and checked first, every record against its schema; only
 * then is anything changed. Throws `MaintenanceFailure` with a message for the operator.
 */
export async function restore(options: RestoreOptions): Promise<BackupHeader> {
  const { store, replace, isDryRun, clock, say } = options;
  const progress = new Progress(clock, say);
  const header = await verify(options, progress);
  const collections = MODELS.map((model: AnyModel) => store.collection(model as Model<Identified>));
  const held = await Promise.all(collections.map((collection) => collection.count({})));
  const total = held.reduce((sum, count) => sum + count, 0);
  if (total > 0 && !replace)
    throw new MaintenanceFailure(
      `There are ${total} records already. To delete them and have those of the backup instead, add --replace.`,
    );
  if (isDryRun) return header;
  await store.ensureIndexes();
  for (const collection of collections) await collection.delete({});
  await writeAll(options, header, progress);
  return header;
}

async function reading<T>(
  name: string,
  use: (file: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T> {
  const file = await open(name, 'r').catch(() => {
    throw new MaintenanceFailure(`There is no file ${name} that this account may read.`);
  });
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function verify({ file: name }: RestoreOptions, progress: Progress): Promise<BackupHeader> {
  const models = new Map(MODELS.map((model: AnyModel) => [model.collection, new CheckedModel(model)]));
  let checked = 0;
  return reading(name, (file) =>
    readBackup(file, name, async ({ collection, record }) => {
      const model = models.get(collection);
      if (model === undefined)
        throw new MaintenanceFailure(
          `${name} has records of ${collection}, which this program does not know.`,
        );
      await model.record(record).catch((error: unknown) => {
        if (!(error instanceof InvalidRecord)) throw error;
        throw new MaintenanceFailure(
          `The record ${record._id} of ${collection} does not fit this program (${error.paths.join(', ')}). ` +
            'Nothing was changed. Restore with the program that made the backup, then migrate.',
        );
      });
      progress.at('checked', ++checked);
    }),
  );
}

async function writeAll(
  { store, file: name }: RestoreOptions,
  header: BackupHeader,
  progress: Progress,
): Promise<void> {
  const models = new Map(MODELS.map((model: AnyModel) => [model.collection, model]));
  const total = Object.values(header.counts).reduce((sum, count) => sum + count, 0);
  const going = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let written = 0;
  const write = async ({ collection, record }: BackupRecord): Promise<void> => {
    const model = models.get(collection);
    if (model === undefined) return;
    await putExactly(store.collection(model as Model<Identified>), record);
    progress.at('restored', ++written, total);
  };
  await reading(name, (file) =>
    readBackup(file, name, async (record) => {
      if (going.size >= AT_ONCE) await Promise.race(going);
      if (failure !== undefined) throw failure.error;
      const one: Promise<void> = write(record)
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => going.delete(one));
      going.add(one);
    }),
  );
  await Promise.all(going);
  if (failure !== undefined) throw failure.error;
}

/** An insert fills in defaults; fields that the record did not have are taken out again. */
async function putExactly(collection: Collection<Identified>, record: BackupRecord['record']): Promise<void> {
  const inserted = await collection.insert(record);
  const added = addedPaths(inserted, record, '');
  if (added.length === 0) return;
  const $unset = Object.fromEntries(added.map((path) => [path, true as const]));
  await collection.update({ _id: record._id }, { $unset });
}

function addedPaths(now: unknown, before: unknown, path: string): string[] {
  if (!isPlainObject(now) || !isPlainObject(before)) return [];
  return Object.entries(now).flatMap(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return name in before ? addedPaths(value, before[name], at) : [at];
  });
}
