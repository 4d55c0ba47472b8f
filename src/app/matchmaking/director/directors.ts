import { Director, type DirectorDeps } from './director';

/** How long a director without tickets stays. */
const IDLE_MS = 60_000;
const SWEEP_MS = 15_000;

/** The directors of this node: one for each shard that has tickets. */
export class Directors {
  private readonly running = new Map<string, { readonly director: Director; neededAt: number }>();
  private readonly ending = new Set<Promise<void>>();
  private readonly stopSweeping: () => void;
  private closing: Promise<void> | undefined;

  constructor(private readonly deps: DirectorDeps) {
    this.stopSweeping = deps.clock.every(SWEEP_MS, () => this.sweep());
  }

  /** Names of the shards that have a director here. */
  get shards(): string[] {
    return [...this.running.keys()];
  }

  /**
   * Makes sure that the shard has a director, and that the director stays for a while. To be called whenever a ticket
   * is about to be added or was just added. Costs next to nothing when there is one.
   */
  ensure(shard: string): void {
    if (this.closing !== undefined) return;
    const neededAt = this.deps.clock.elapsed();
    const known = this.running.get(shard);
    if (known === undefined) this.running.set(shard, { director: new Director(shard, this.deps), neededAt });
    else known.neededAt = neededAt;
  }

  /**
   * Ends the shard's director, because another node has it now. It first calls `matched` for pending claims it wins.
   */
  async end(shard: string): Promise<void> {
    const known = this.running.get(shard);
    if (known === undefined) return;
    await this.stopOne(shard, known.director);
  }

  /** Ends all directors. They first call `matched` for pending claims that they win. */
  close(): Promise<void> {
    this.closing ??= this.stop();
    return this.closing;
  }

  private async stop(): Promise<void> {
    this.stopSweeping();
    for (const [shard, { director }] of this.running) void this.stopOne(shard, director);
    await Promise.all(this.ending);
  }

  /** Regions and pools come and go: a director without tickets for a while is ended. */
  private sweep(): void {
    const now = this.deps.clock.elapsed();
    for (const [shard, entry] of this.running) {
      if (entry.director.size > 0) entry.neededAt = now;
      else if (now - entry.neededAt >= IDLE_MS) void this.stopOne(shard, entry.director);
    }
  }

  private stopOne(shard: string, director: Director): Promise<void> {
    this.running.delete(shard);
    const ended = director.close().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
    return ended;
  }
}
