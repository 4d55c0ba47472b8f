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

/**
 * Things that one holder has at a time, until their time runs out: a person's seat on a node, a call's home, a shard's
 * director. Every method is atomic for each key on its own, whichever nodes call it at the same time.
 */
export interface LeaseStore {
  /**
   * Takes `key` for `holder` when nobody holds it, when `holder` does already, or when `from` does. Answers with the
   * lease as it stands afterwards, so `holder` in the answer says who has it. A `note` that is given replaces what was
   * written; one that is not given leaves it to be read by its new holder.
   */
  take(
    key: string,
    holder: string,
    options: {
      readonly ttlMs: number;
      readonly from?: string | undefined;
      readonly value?: string | undefined;
    },
  ): Promise<Lease>;

  find(key: string): Promise<Lease | null>;

  /**
   * Gives `holder` more time. A lease that has run out, or that the store has lost, is made anew where a note is given,
   * and else counts as lost. Answers with the keys that `holder` does not hold afterwards.
   */
  renew(holder: string, renewals: readonly Renewal[], ttlMs: number): Promise<string[]>;

  /** Gives it up with its note. Nothing happens where `holder` does not have it. */
  release(key: string, holder: string): Promise<void>;

  close(): Promise<void>;
}
