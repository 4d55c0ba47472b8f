import path from 'node:path';
import type { Clock } from '../../app/ports/clock';
import { MIGRATIONS, MigrationFailure, Migrator } from '../migrations';
import { MODELS } from '../models';
import { Spool } from '../outbox/spool';
import { indexesOf } from '../store/indexes';
import type { MissingIndex, RecordStore } from '../store/record-store';
import { backup } from './backup';
import { Progress } from './progress';
import { restore } from './restore';

/** What every command has. */
export interface CommandContext {
  readonly store: RecordStore;
  readonly dataDir: string;
  readonly clock: Clock;
  /** Prints a line for the operator who started the command. */
  readonly say: (line: string) => void;
}

const listed = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).map(
    ([collection, count]) => `  ${collection.padEnd(16)}${String(count).padStart(10)}`,
  );

export async function runMigrate(
  { store, dataDir, clock, say }: CommandContext,
  { to, isDryRun }: { readonly to?: number; readonly isDryRun: boolean },
): Promise<void> {
  const migrator = new Migrator(store, MIGRATIONS);
  const steps = await migrator.stepsTo(to ?? migrator.newest);
  if (steps.length === 0) {
    say(`The records are in version ${await migrator.current()} already: nothing to do.`);
    return;
  }
  if (!isDryRun) await store.ensureIndexes();
  const progress = new Progress(clock, say);
  for (const step of steps) {
    const { version, name } = step.migration;
    const way = step.direction === 'up' ? 'to' : 'back from';
    say(`${isDryRun ? 'Would go' : 'Going'} ${way} version ${version}: ${name}`);
    const changed = await migrator.take(step, {
      dataDir,
      now: clock.now(),
      isDryRun,
      progress: (handled) => progress.at('records', handled),
    });
    say(`  ${isDryRun ? 'records that would change' : 'records changed'}: ${changed}`);
  }
}

const nameOf = ({ collection, keys }: MissingIndex): string => `${collection} ${JSON.stringify(keys)}`;

export async function runIndexes(
  { store, say }: CommandContext,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<void> {
  const missing = new Set((await store.missingIndexes()).map(nameOf));
  for (const model of MODELS) {
    for (const { keys, unique, partial, expireAfterSeconds } of indexesOf(model)) {
      const marks = [
        ...(missing.has(nameOf({ collection: model.collection, keys })) ? ['missing'] : []),
        ...(unique ? ['unique'] : []),
        ...(partial === undefined ? [] : [`where ${JSON.stringify(partial)}`]),
        ...(expireAfterSeconds === undefined ? [] : ['ends by itself']),
      ];
      say(`  ${model.collection.padEnd(16)}${JSON.stringify(keys)} ${marks.join(', ')}`.trimEnd());
    }
  }
  if (isDryRun) {
    say(
      missing.size === 0
        ? 'None of them is missing. Nothing was changed.'
        : `${missing.size} of them ${missing.size === 1 ? 'is' : 'are'} missing. Nothing was changed; without --dry-run, what is missing is made.`,
    );
    return;
  }
  await store.ensureIndexes();
  say(missing.size === 0 ? 'All of them were there already.' : 'All of them are there now.');
}

export async function runBackup(
  { store, dataDir, clock, say }: CommandContext,
  target: string,
): Promise<void> {
  const { file, counts } = await backup({ store, target, clock, say });
  for (const line of listed(counts)) say(line);
  const waiting = await waitingOnSpool(path.join(dataDir, 'outbox'));
  if (waiting > 0)
    say(
      `${waiting} changes still wait to be brought to the records when a server runs; they are not in the backup.`,
    );
  say(`The backup is in ${file}. Keep it as safe as the records themselves: anybody who has it can read it.`);
}

async function waitingOnSpool(folder: string): Promise<number> {
  // Where there is no such folder, no server has run here.
  const spool = await Spool.open(folder).catch(() => undefined);
  return spool?.size ?? 0;
}

export async function runRestore(
  { store, clock, say }: CommandContext,
  file: string,
  { replace, isDryRun }: { readonly replace: boolean; readonly isDryRun: boolean },
): Promise<void> {
  const header = await restore({ store, file, replace, isDryRun, clock, say });
  for (const line of listed(header.counts)) say(line);
  say(isDryRun ? 'The backup is whole and would be restored.' : 'The backup was restored.');
}

/** Whether an error's message was written for the operator at the command line. */
export const isInWords = (error: unknown): error is Error =>
  error instanceof Error &&
  (error instanceof MigrationFailure ||
    ['MaintenanceFailure', 'FolderInUse', 'DamagedLog', 'ConfigError'].includes(error.name));
