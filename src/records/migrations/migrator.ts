import { migrationModel } from '../models';
import { DuplicateRecord, type RecordStore } from '../store/record-store';
import { MigrationFailure, type Migration, type MigrationContext } from './migration';

/** One migration that was carried out, or would be in a dry run. */
export interface Step {
  readonly migration: Migration;
  readonly direction: 'up' | 'down';
}

const idOf = ({ version }: Migration): string => `migration-${version}`;

/** Migrates the records from their present version to another one. The store itself lists the applied migrations. */
export class Migrator {
  constructor(
    private readonly store: RecordStore,
    private readonly migrations: readonly Migration[],
  ) {}

  /** The newest version there is. */
  get newest(): number {
    return this.migrations.at(-1)?.version ?? 0;
  }

  /** The version the records are in; 0 before the first migration. */
  async current(): Promise<number> {
    const last = await this.store.collection(migrationModel).findOne({}, { sort: { version: -1 } });
    return last?.version ?? 0;
  }

  /** The steps from the present version to another. Throws `MigrationFailure` when this program does not know them. */
  async stepsTo(version: number): Promise<Step[]> {
    const current = await this.current();
    if (current > this.newest)
      throw new MigrationFailure(
        `The records are in version ${current}, but this program knows only ${this.newest}. ` +
          'Use the program that brought them there, or a newer one.',
      );
    if (version < 0 || version > this.newest)
      throw new MigrationFailure(`There is no version ${version}: choose one from 0 to ${this.newest}.`);
    const between = (low: number, high: number) =>
      this.migrations.filter((migration) => migration.version > low && migration.version <= high);
    return version >= current
      ? between(current, version).map((migration) => ({ migration, direction: 'up' as const }))
      : between(version, current)
          .reverse()
          .map((migration) => ({ migration, direction: 'down' as const }));
  }

  /** Carries out one step and records it. Returns how many records it changed. */
  async take({ migration, direction }: Step, context: Omit<MigrationContext, 'store'>): Promise<number> {
    const changed = await migration[direction]({ ...context, store: this.store });
    if (!context.isDryRun) await this.recordStep(migration, direction, changed, context.now);
    return changed;
  }

  private async recordStep(
    migration: Migration,
    direction: Step['direction'],
    changed: number,
    now: number,
  ): Promise<void> {
    const applied = this.store.collection(migrationModel);
    if (direction === 'down') {
      await applied.delete({ _id: idOf(migration) });
      return;
    }
    const { version, name } = migration;
    try {
      await applied.insert({ _id: idOf(migration), version, name, appliedAt: new Date(now), changed });
    } catch (error) {
      // Another process took the same step at the same time; each step can be repeated, so no harm was done.
      if (!(error instanceof DuplicateRecord)) throw error;
    }
  }
}
