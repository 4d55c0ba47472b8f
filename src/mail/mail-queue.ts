import type { Clock } from '../app/ports/clock';
import type { Addressee, MailKind, Mailer } from '../app/accounts/ports/mailer';
import { MailError, type MailTransport, type MailMessage } from './mail-transport';
import { mailLanguage } from './languages';
import { renderMail } from './templates';
import type { ErrorReporter } from '../app/ports/error-reporter';

/** Letters that may be on their way at once; a flood of them is ended here rather than in memory. */
const MOST_UNDER_WAY = 200;
/** How often the carrier takes away what it need not keep. */
const TIDY_MS = 3_600_000;
/** How long letters under way may hold up a stop. */
const CLOSE_MS = 2_000;
/** When a letter is tried again that could not be sent. */
const RETRY_AFTER_MS = [5_000, 60_000, 300_000] as const;

export interface MailQueueOptions {
  readonly carrier: MailTransport;
  /** Where people reach the product, without a slash at its end. */
  readonly publicUrl: string;
  readonly clock: Clock;
  /** An error of ours that was caught. */
  readonly reportError: ErrorReporter;
}

/** Writes letters and has them carried, some of them more than once, while nobody waits. */
export class MailQueue implements Mailer {
  private readonly underWay = new Set<Promise<void>>();
  private readonly pauses = new Set<() => void>();
  private readonly stopTidying: () => void;
  private isClosing = false;
  private isClosed = false;

  constructor(private readonly options: MailQueueOptions) {
    this.stopTidying = options.clock.every(TIDY_MS, () => this.tidy());
    this.tidy();
  }

  send({ email, name, languages }: Addressee, letter: MailKind): void {
    const { publicUrl, reportError } = this.options;
    if (this.isClosing || this.underWay.size >= MOST_UNDER_WAY) {
      reportError(new MailError('too many letters', false), 'a letter was not sent');
      return;
    }
    const written = renderMail(letter, { name, publicUrl }, mailLanguage(languages));
    const carried = this.carry({ to: { name, address: email }, ...written }).catch((error: unknown) => {
      // One that was given up has been told already.
      if (!this.isClosed) reportError(error, 'a letter was not sent');
    });
    this.underWay.add(carried);
    void carried.finally(() => {
      this.underWay.delete(carried);
      this.tidy();
    });
  }

  /** Tries what waits once more. What is not sent soon is given up: a mail server that hangs must not keep us. */
  async close(): Promise<void> {
    const { clock, carrier, reportError } = this.options;
    this.isClosing = true;
    this.stopTidying();
    for (const end of this.pauses) end();
    await new Promise<void>((resolve) => {
      const stop = clock.after(CLOSE_MS, resolve);
      void Promise.all(this.underWay).then(() => {
        stop();
        resolve();
      });
    });
    this.isClosed = true;
    this.underWay.forEach(() =>
      reportError(new MailError('the server stops', true), 'a letter was not sent'),
    );
    carrier.close();
  }

  private tidy(): void {
    if (this.isClosing) return;
    this.options.carrier
      .tidy()
      .catch((error: unknown) => this.options.reportError(error, 'old letters could not be deleted'));
  }

  private async carry(letter: MailMessage): Promise<void> {
    for (const pauseMs of RETRY_AFTER_MS) {
      try {
        await this.options.carrier.send(letter);
        return;
      } catch (error) {
        if (!(error instanceof MailError) || !error.mayWorkLater || this.isClosing) throw error;
      }
      await this.pause(pauseMs);
    }
    await this.options.carrier.send(letter);
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
