import { adoptReportFile } from './adopt-report-file';
import type { Migration } from './migration';

/** Every migration, in order. New ones go to the end; one that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [adoptReportFile];

export * from './migration';
export * from './migrator';
