import type { Clock } from '../app/ports/clock';
import { MailError } from './mail-transport';

const BEAT_MS = 500;
/** A mail that takes so many beats makes the watch look whether the server answers anybody. */
const SLOW_BEATS = 1;
/** A server that has not answered a look after so many beats hangs. */
const SILENT_BEATS = 2;
/** The pause between two looks: while mails wait or the server is away, and while nothing is wrong. */
const LOOK_AGAIN_BEATS = 10;
const LOOK_IDLE_BEATS = 120;

export interface MailWatchOptions {
  readonly clock: Clock;
  readonly log: {
    error(details: object, message: string): void;
    info(message: string): void;
  };
  /** Talks to the mail server without sending anything; throws `MailError`. Undefined: there is no server. */
  readonly look: (() => Promise<void>) | undefined;
}

/**
 * Notices a mail server that is away, rejects the log-in, or hangs, and says so once until it is over. A server that only
 * takes long for a mail is not away: it still answers others.
 */
export class MailWatch {
  /** Beats that each mail has been on its way. */
  private readonly sending = new Map<object, number>();
  private looking: { beats: number } | undefined;
  private beatsSinceLook = Number.POSITIVE_INFINITY;
  private down = false;
  private readonly stop: () => void;

  constructor(private readonly options: MailWatchOptions) {
    this.stop = options.clock.every(BEAT_MS, () => this.beat());
  }

  get isDown(): boolean {
    return this.down;
  }

  /** Watches one attempt to send a mail. */
  async attempt(send: () => Promise<void>): Promise<void> {
    const mail = {};
    this.sending.set(mail, 0);
    try {
      await send();
      this.now(undefined);
    } catch (error) {
      this.judge(error);
      throw error;
    } finally {
      this.sending.delete(mail);
    }
  }

  close(): void {
    this.stop();
  }

  private beat(): void {
    if (this.looking !== undefined) {
      this.looking.beats += 1;
      if (this.looking.beats === SILENT_BEATS) this.now(new MailError('no answer', true, true));
      return;
    }
    this.beatsSinceLook += 1;
    let slowest = 0;
    for (const [mail, beats] of this.sending) {
      this.sending.set(mail, beats + 1);
      slowest = Math.max(slowest, beats);
    }
    const isTense = this.down || slowest >= SLOW_BEATS;
    if (this.beatsSinceLook >= (isTense ? LOOK_AGAIN_BEATS : LOOK_IDLE_BEATS)) this.look();
  }

  private look(): void {
    const { look } = this.options;
    if (look === undefined) return;
    this.beatsSinceLook = 0;
    this.looking = { beats: 0 };
    look()
      .then(
        () => this.now(undefined),
        (error: unknown) => this.judge(error),
      )
      .finally(() => (this.looking = undefined));
  }

  /** A server that rejects one mail is there. */
  private judge(error: unknown): void {
    this.now(error instanceof MailError && error.isServerAway ? error : undefined);
  }

  private now(failure: MailError | undefined): void {
    const { log } = this.options;
    const isDown = failure !== undefined;
    if (isDown === this.down) return;
    this.down = isDown;
    if (isDown)
      log.error({ code: failure.code }, 'the mail server does not answer; mails wait, and are tried again');
    else log.info('the mail server answers again');
  }
}
