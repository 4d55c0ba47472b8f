/** Who holds something, and the value that the holder has written for the next holder. */
export interface Lease {
  readonly holder: string;
  /** Empty where nothing was written. */
  readonly value: string;
}

/** What `renew` says of one lease. */
export interface Renewal {
  readonly key: string;
  /** Replaces what was written before; undefined leaves it. */
  readonly value?: string | undefined;
}

export interface TakeOptions {
  readonly ttlMs: number;
  /** A holder from whom the lease may be taken. */
  readonly from?: string | undefined;
  /** From that holder only while this value is there: one that has written since still needs the lease. */
  readonly unlessChanged?: string | undefined;
  /** Replaces what was written before; undefined leaves it. */
  readonly value?: string | undefined;
}

/**
 * Leases: each has one holder at a time, and runs out unless it is renewed. They say which node is a peer's gateway,
 * a call's owner, a shard's director. Every method is atomic for each key, whichever nodes call it at the same time.
 */
export interface LeaseStore {
  /**
   * Takes `key` for `holder` when it has no holder, or when `holder` or `from` holds it. Answers with the lease as it
   * is afterwards, so `holder` in the answer says who has it. A given `value` replaces what was written; without one,
   * the new holder can read what was written before.
   */
  take(key: string, holder: string, options: TakeOptions): Promise<Lease>;

  find(key: string): Promise<Lease | null>;

  /**
   * Gives `holder` more time. A lease that has run out, or that the store has lost, is made again if a value is
   * given; without a value it counts as lost. Answers with the keys that `holder` does not hold afterwards.
   */
  renew(holder: string, renewals: readonly Renewal[], ttlMs: number): Promise<string[]>;

  /** Removes the lease and its value. Nothing happens if `holder` does not hold it. */
  release(key: string, holder: string): Promise<void>;

  close(): Promise<void>;
}
