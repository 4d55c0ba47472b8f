import type { RecordStore } from '../store/record-store';

/** What a migration works on. */
export interface MigrationContext {
  readonly store: RecordStore;
  /** The operator's data folder, where earlier versions kept files of their own. */
  readonly dataDir: string;
  /** ms since the epoch */
  readonly now: number;
  /** True: return how many records would change, and change nothing. */
  readonly isDryRun: boolean;
  /** Called now and then with how many records were handled so far. */
  readonly progress: (handled: number) => void;
}

/** One step from one form of the records to the next, and back. Each way can be repeated after it broke off. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /** Both return how many records they changed. The messages of errors are for the operator. */
  up(context: MigrationContext): Promise<number>;
  down(context: MigrationContext): Promise<number>;
}

/** A migration cannot go on. The message is for the operator. */
export class MigrationFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MigrationFailure';
  }
}
