import type { Clock } from '../app/ports/clock';
import type { Addressee, MailKind, Mailer } from '../app/accounts/ports/mailer';
import { MailError, type MailTransport, type MailMessage } from './mail-transport';
import { mailLanguage } from './languages';
import { MailWatch, type MailWatchOptions } from './mail-watch';
import { renderMail } from './templates';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { MailHealth } from '../app/ports/mail-health';

/** The most mails under way at once, so that a flood of them does not fill the memory. */
const MOST_UNDER_WAY = 200;
/**
 * How many of them may be mails that anybody can have sent to any address. The rest of the queue is for people who have
 * an account, so a flood of registrations does not cost somebody their new password.
 */
const MOST_TO_STRANGERS = 120;
/** How often the transport deletes old mails. */
const TIDY_MS = 3_600_000;
/** How long mails under way may delay a stop. */
const CLOSE_MS = 2_000;
/** The pauses before a mail that could not be sent is tried again. */
const RETRY_AFTER_MS = [5_000, 60_000, 300_000] as const;

export interface MailQueueOptions {
  readonly carrier: MailTransport;
  /** Where people reach the product, without a slash at its end. */
  readonly publicUrl: string;
  readonly clock: Clock;
  /** Left out: the state of the mail server is not logged. */
  readonly log?: MailWatchOptions['log'];
  /** Gets each error that was caught. */
  readonly reportError: ErrorReporter;
}

const SILENT: MailWatchOptions['log'] = { error: () => undefined, info: () => undefined };

/** Writes mails and sends them in the background, with several attempts. */
export class MailQueue implements Mailer {
  private readonly underWay = new Set<Promise<void>>();
  private readonly pauses = new Set<() => void>();
  private readonly stopTidying: () => void;
  private readonly watch: MailWatch;
  private givenUp = 0;
  private isClosing = false;
  private isClosed = false;

  constructor(private readonly options: MailQueueOptions) {
    const { clock, carrier, log = SILENT } = options;
    this.watch = new MailWatch({ clock, log, look: carrier.look?.bind(carrier) });
    this.stopTidying = clock.every(TIDY_MS, () => this.tidy());
    this.tidy();
  }

  health(): MailHealth {
    return { server: this.watch.isDown ? 'down' : 'up', waiting: this.underWay.size, lost: this.givenUp };
  }

  send({ email, name, languages }: Addressee, mail: MailKind): void {
    const { publicUrl, reportError } = this.options;
    const limit = mail.kind === 'confirm_account' ? MOST_TO_STRANGERS : MOST_UNDER_WAY;
    if (this.isClosing || this.underWay.size >= limit) {
      this.givenUp += 1;
      reportError(new MailError('too many mails', false), 'a mail was not sent');
      return;
    }
    const written = renderMail(mail, { name, publicUrl }, mailLanguage(languages));
    const sent = this.deliver({ to: { name, address: email }, ...written }).catch((error: unknown) => {
      this.givenUp += 1;
      // `close` has reported the mails that it gave up.
      if (!this.isClosed) reportError(error, 'a mail was not sent');
    });
    this.underWay.add(sent);
    void sent.finally(() => {
      this.underWay.delete(sent);
      this.tidy();
    });
  }

  /** Tries waiting mails once more. Those not sent soon are givenUp up: a mail server that hangs must not delay a stop. */
  async close(): Promise<void> {
    const { clock, carrier, reportError } = this.options;
    this.isClosing = true;
    this.stopTidying();
    this.watch.close();
    for (const end of this.pauses) end();
    await new Promise<void>((resolve) => {
      const stop = clock.after(CLOSE_MS, resolve);
      void Promise.all(this.underWay).then(() => {
        stop();
        resolve();
      });
    });
    this.isClosed = true;
    this.underWay.forEach(() => reportError(new MailError('the server stops', true), 'a mail was not sent'));
    carrier.close();
  }

  private tidy(): void {
    if (this.isClosing) return;
    this.options.carrier
      .tidy()
      .catch((error: unknown) => this.options.reportError(error, 'old mails could not be deleted'));
  }

  private async deliver(mail: MailMessage): Promise<void> {
    for (const pauseMs of RETRY_AFTER_MS) {
      try {
        await this.attempt(mail);
        return;
      } catch (error) {
        if (!(error instanceof MailError) || !error.mayWorkLater || this.isClosing) throw error;
      }
      await this.pause(pauseMs);
    }
    await this.attempt(mail);
  }

  private attempt(mail: MailMessage): Promise<void> {
    return this.watch.attempt(() => this.options.carrier.send(mail));
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        this.pauses.delete(end);
        resolve();
      };
      const stop = this.options.clock.after(ms, over);
      const end = (): void => {
        stop();
        over();
      };
      this.pauses.add(end);
    });
  }
}
