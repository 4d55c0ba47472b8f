/** Something that is missing once may still be in a message on its way. Missing this often in a row, it is lost. */
const MISSED = 2;

/** Counts in how many reconciliations in a row something was missing. */
export class MissedCounter {
  private readonly missed = new Map<string, number>();

  /** `true` when `key` has been missing `limit` times in a row. The count then starts anew. */
  isLost(key: string, isMissing: boolean, limit = MISSED): boolean {
    if (!isMissing) {
      this.missed.delete(key);
      return false;
    }
    const missed = (this.missed.get(key) ?? 0) + 1;
    if (missed >= limit) this.missed.delete(key);
    else this.missed.set(key, missed);
    return missed >= limit;
  }

  /** Forgets everything that no longer exists. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.missed.keys()) if (!keys.has(key)) this.missed.delete(key);
  }

  clear(): void {
    this.missed.clear();
  }
}
