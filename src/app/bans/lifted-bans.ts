/** A ban that was lifted. */
export interface Lifting {
  readonly id: string;
  /** ms since the epoch */
  readonly at: number;
}

/** How many are remembered. Those that are forgotten are lifted in the records all the same. */
export const MOST_REMEMBERED = 1000;

/** Which bans were lifted, the newest of them, so that nobody who missed it brings one of them back. */
export class LiftedBans {
  private readonly timeById = new Map<string, number>();

  add({ id, at }: Lifting): void {
    if (this.timeById.has(id)) return;
    this.timeById.set(id, at);
    const [oldest] = this.timeById.keys();
    if (this.timeById.size > MOST_REMEMBERED && oldest !== undefined) this.timeById.delete(oldest);
  }

  has(id: string): boolean {
    return this.timeById.has(id);
  }

  /** When this ban was lifted. */
  timeOf(id: string): number | undefined {
    return this.timeById.get(id);
  }

  all(): Lifting[] {
    return [...this.timeById].map(([id, at]) => ({ id, at }));
  }
}
