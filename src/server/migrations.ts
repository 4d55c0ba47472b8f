import type { Logger } from 'pino';
import type { Clock } from '../app/ports/clock';
import { MIGRATIONS, MigrationFailure, Migrator } from '../records/migrations';
import { StoreUnavailable, type RecordStore } from '../records/store/record-store';

export interface MigrationsDeps {
  readonly store: RecordStore;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often an unreachable database is asked again for the version of its records. */
const ASK_MS = 30_000;

/**
 * A folder belongs to this node alone, so its records are brought up to this version before anything reads them.
 * Throws `MigrationFailure`, with a message for the operator, where a newer program has used the folder.
 */
export async function bringUpToDate({ store, dataDir, clock, log }: MigrationsDeps): Promise<void> {
  const migrator = new Migrator(store, MIGRATIONS);
  for (const step of await migrator.stepsTo(migrator.newest)) {
    const context = { dataDir, now: clock.now(), isDryRun: false, progress: () => undefined };
    const changed = await migrator.take(step, context);
    log.info({ migration: step.migration.name, changed }, 'records were brought up to date');
  }
}

/**
 * A database is shared with nodes that may still run an earlier version, so when to migrate is the operator's
 * decision: what is to be done is logged. Answers with a function that stops asking the database.
 */
export function sayWhatIsDue({ store, clock, log }: Omit<MigrationsDeps, 'dataDir'>): () => void {
  const migrator = new Migrator(store, MIGRATIONS);
  const ask = async (): Promise<void> => {
    try {
      const due = (await migrator.stepsTo(migrator.newest)).length;
      stop();
      if (due > 0) log.warn({ due }, 'records are of an earlier version: npm run records -- migrate');
    } catch (error) {
      if (error instanceof StoreUnavailable) return;
      stop();
      log.error(error instanceof MigrationFailure ? error.message : { err: error });
    }
  };
  const stop = clock.every(ASK_MS, () => void ask());
  void ask();
  return stop;
}
