const LOOK_MS = 200;
/** After so much silence in a call the server is asked for a sign of life. */
const PING_AFTER_MS = 900;
/** A sign of life that takes longer than this leaves the call in doubt. */
const PATIENCE_MS = 700;

/**
 * In a call, notices within two seconds that the server says nothing any more. The page then does not claim that the
 * partner is still there: they may have left meanwhile (M7). The connection is given up only much later, by
 * `SilenceWatch`, since most such silences end by themselves.
 */
export class ServerDoubt {
  private timer: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private pingedAt: number | undefined;
  private isInDoubt = false;

  /**
   * @param isOpen whether there is a connection to be in doubt about
   * @param ping asks the server for a sign of life
   * @param inDoubt is called when it becomes doubtful whether what the page shows of the call still holds, and when it
   *   no longer is
   */
  constructor(
    private readonly isOpen: () => boolean,
    private readonly ping: () => Promise<unknown>,
    private readonly inDoubt: (isInDoubt: boolean) => void,
  ) {}

  /** Looks while `isInCall`. */
  follow(isInCall: boolean): void {
    if (isInCall === (this.timer !== undefined)) return;
    if (isInCall) {
      this.heardAt = performance.now();
      this.timer = setInterval(() => this.look(), LOOK_MS);
      return;
    }
    clearInterval(this.timer);
    this.timer = undefined;
    this.heard();
  }

  /** Something arrived. */
  heard(): void {
    this.heardAt = performance.now();
    this.pingedAt = undefined;
    this.set(false);
  }

  private look(): void {
    if (!this.isOpen()) {
      // The screen shows by itself that there is no connection.
      this.heard();
      return;
    }
    const now = performance.now();
    if (this.pingedAt === undefined) {
      if (now - this.heardAt < PING_AFTER_MS) return;
      // A page that slept is not in doubt at once: the server is asked first.
      this.pingedAt = now;
      const settled = (): void => undefined;
      this.ping().then(settled, settled);
    } else if (now - this.pingedAt >= PATIENCE_MS) this.set(true);
  }

  private set(isInDoubt: boolean): void {
    if (isInDoubt === this.isInDoubt) return;
    this.isInDoubt = isInDoubt;
    this.inDoubt(isInDoubt);
  }
}
