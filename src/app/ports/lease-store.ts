/** Who holds something, and what they have written on it for whoever comes after them. */
export interface Lease {
  readonly holder: string;
  /** Empty where nothing was written. */
  readonly value: string;
}

/** What `renew` says of one lease. */
export interface Renewal {
  readonly key: string;
  /** Takes the place of what was written before; undefined leaves it. */
  readonly value?: string | undefined;
}

export interface TakeOptions {
  readonly ttlMs: number;
  /** A holder from whom the lease may be taken. */
  readonly from?: string | undefined;
  /** Replaces what was written before; undefined leaves it. */
  readonly value?: string | undefined;
}

/**
 * Things that one holder has at a time, until their time runs out: a peer's gateway node, a call's
 * owner node, a shard's director. Every method is atomic for each key on its own, whichever nodes call it at the same time.
 */
export interface LeaseStore {
  /**
   * Takes `key` for `holder` when nobody holds it, when `holder` does already, or when `from` does. Answers with the
   * lease as it stands afterwards, so `holder` in the answer says who has it. A `value` that is given replaces what was
   * written; one that is not given leaves it to be read by its new holder.
   */
  take(key: string, holder: string, options: TakeOptions): Promise<Lease>;

  find(key: string): Promise<Lease | null>;

  /**
   * Gives `holder` more time. A lease that has run out, or that the store has lost, is made anew where a value is given,
   * and else counts as lost. Answers with the keys that `holder` does not hold afterwards.
   */
  renew(holder: string, renewals: readonly Renewal[], ttlMs: number): Promise<string[]>;

  /** Gives it up with its value. Nothing happens where `holder` does not have it. */
  release(key: string, holder: string): Promise<void>;

  close(): Promise<void>;
}
