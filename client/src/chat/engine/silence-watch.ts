/** What the watch needs of the code that owns the socket. */
export interface SilenceWatchOwner {
  /** Asks the server for a sign of life. Settles with its reply, whatever that says, or when the socket is lost. */
  ping(): Promise<unknown>;
  /** The socket is dead: nothing comes through it any more, though nobody has closed it. */
  silent(): void;
}

/** How long after the last reply the server is pinged. */
const PING_AFTER_MS = 12_000;
/** A request without a reply for this long is followed by a ping. */
const DOUBT_MS = 2_000;
/** How long a ping may take while nothing at all arrives. */
const PATIENCE_MS = 8_000;
/** The same when the page has just been woken or shown, or the network has changed: the user is waiting. */
const WAKE_PATIENCE_MS = 3_000;
/** How much longer a ping may take while other messages arrive: the reply may stand behind them. */
const EXTENSION_MS = 7_000;
/** A timer that fires so much too late says that the page slept. What has arrived meanwhile is handled after it. */
const LATE_MS = 2_000;

type Phase =
  | { readonly kind: 'stopped' }
  /** The last ping has its reply. */
  | { readonly kind: 'quiet' }
  | {
      readonly kind: 'waiting';
      readonly heard: boolean;
      readonly extended: boolean;
      /** This ping was sent because the timer of the one before it was late. */
      readonly afterSleep: boolean;
    };

/**
 * Notices a socket that is dead without having been closed: a proxy that swallows bytes, a machine that slept. Pages
 * cannot see the pings of the server, so the page asks for replies itself. A dead socket is noticed within 27 s, and
 * within 10 s after a request.
 *
 * Browsers delay the timers of hidden pages and stop those of frozen ones. So a timer that is late never counts as
 * silence by itself: the server is asked once more first. Only the clock of the device goes on while it sleeps. When that
 * clock is set, the server is asked once more at most.
 */
export class SilenceWatch {
  private phase: Phase = { kind: 'stopped' };
  private timer: number | undefined;
  private dueAt = 0;
  /** Counts pings, so that only the reply to the latest one ends the wait. */
  private pings = 0;

  constructor(private readonly owner: SilenceWatchOwner) {}

  start(): void {
    this.beQuiet();
  }

  stop(): void {
    window.clearTimeout(this.timer);
    this.phase = { kind: 'stopped' };
    this.pings += 1;
  }

  /** Something arrived, which shows that one direction works. */
  heard(): void {
    if (this.phase.kind === 'waiting') this.phase = { ...this.phase, heard: true };
  }

  /** A request was sent. */
  asked(): void {
    if (this.phase.kind === 'quiet' && this.dueAt - Date.now() > DOUBT_MS) this.schedule(DOUBT_MS);
  }

  /** A request was answered. */
  replied(): void {
    if (this.phase.kind === 'quiet') this.schedule(PING_AFTER_MS);
  }

  /** Finds out quickly whether the socket still works. */
  check(): void {
    if (this.phase.kind === 'stopped') return;
    const isChecking = this.phase.kind === 'waiting' && this.dueAt - Date.now() <= WAKE_PATIENCE_MS;
    if (!isChecking || this.isLate()) this.ping(WAKE_PATIENCE_MS, false);
  }

  private beQuiet(): void {
    this.phase = { kind: 'quiet' };
    this.schedule(PING_AFTER_MS);
  }

  private ping(patienceMs: number, afterSleep: boolean): void {
    this.phase = { kind: 'waiting', heard: false, extended: false, afterSleep };
    this.schedule(patienceMs);
    const ping = ++this.pings;
    const answered = (): void => {
      if (this.pings === ping && this.phase.kind === 'waiting') this.beQuiet();
    };
    this.owner.ping().then(answered, answered);
  }

  private schedule(ms: number): void {
    window.clearTimeout(this.timer);
    this.dueAt = Date.now() + ms;
    this.timer = window.setTimeout(() => this.due(), ms);
  }

  private isLate(): boolean {
    return Date.now() - this.dueAt > LATE_MS;
  }

  private due(): void {
    const { phase } = this;
    switch (phase.kind) {
      case 'stopped':
        return;
      case 'quiet':
        return this.ping(PATIENCE_MS, false);
      case 'waiting':
        if (phase.heard && !phase.extended) {
          this.phase = { ...phase, extended: true };
          return this.schedule(EXTENSION_MS);
        }
        if (this.isLate() && !phase.afterSleep) return this.ping(WAKE_PATIENCE_MS, true);
        this.stop();
        this.owner.silent();
    }
  }
}
