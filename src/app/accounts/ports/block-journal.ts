import type { Block } from './users';

/** Whose block it is: a guest's by their name, since there may be no record of them yet, or (null) an account's. */
export interface Blocker {
  readonly userId: string;
  readonly guestName: string | null;
}

/** Writes blocks without asking the store anything first, so that a store that hangs delays nobody. */
export interface BlockJournal {
  /**
   * Resolves once the block would survive a crash. It is written in its turn, however long that takes, unless this
   * throws `DomainError('records_unavailable')`.
   */
  write(blocker: Blocker, block: Block): Promise<void>;
  /** True once every block written before is in the store; false when that takes longer. */
  settled(timeoutMs: number): Promise<boolean>;
}
