import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { MailError, type MailTransport, type MailMessage } from './mail-transport';

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where they are needed. */
  readonly url: string;
  /** `Name <address>` */
  readonly from: string;
}

const SLOWEST_MS = 20_000;
/** For a look whether the server answers. */
const LOOK_MS = 5_000;

const failureSchema = z.object({ code: z.string().optional(), responseCode: z.number().optional() });

/** Mails by SMTP. */
export class SmtpMailTransport implements MailTransport {
  private readonly transport;
  private readonly looking;

  constructor({ url, from }: SmtpOptions) {
    const within = (ms: number) => ({ connectionTimeout: ms, greetingTimeout: ms, socketTimeout: ms });
    this.transport = createTransport({ url, ...within(SLOWEST_MS) }, { from });
    this.looking = createTransport({ url, ...within(LOOK_MS) });
  }

  async send({ to, subject, text }: MailMessage): Promise<void> {
    try {
      await this.transport.sendMail({
        to,
        subject,
        text,
        // Nothing in a mail may make the library read files or fetch pages.
        disableFileAccess: true,
        disableUrlAccess: true,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (error) {
      throw asMailError(error);
    }
  }

  async look(): Promise<void> {
    try {
      await this.looking.verify();
    } catch (error) {
      throw asMailError(error);
    }
  }

  tidy(): Promise<void> {
    // A mail that was sent is not stored here.
    return Promise.resolve();
  }

  close(): void {
    this.transport.close();
    this.looking.close();
  }
}

function asMailError(error: unknown): MailError {
  const { code = 'unknown', responseCode } = failureSchema.catch({}).parse(error);
  // With 5xx mail servers say that another attempt will not help.
  const isFinal = responseCode !== undefined && responseCode >= 500;
  const isServerAway = responseCode === undefined || code === 'EAUTH';
  return new MailError(responseCode === undefined ? code : `${code} ${responseCode}`, !isFinal, isServerAway);
}
