import { z } from 'zod';
import { defineFeature, optionalVariable, variable, type ValuesOf } from './variable';

export const mail = defineFeature('Mail', {
  SMTP_URL: optionalVariable({
    schema: z.url({ protocol: /^smtps?$/, error: 'is no smtp:// or smtps:// address' }),
    defaultInWords: 'none: e-mails become files in `DATA_DIR/mail`, which are kept for a day',
    example: 'smtps://user:password@mail.example.org',
    description:
      'Address of the server that sends e-mails: `smtp://` or `smtps://`, with user and password where needed.',
  }),
  MAIL_FROM: variable({
    schema: z.string().min(3),
    default: 'Passerby <no-reply@localhost>',
    description: 'Sender of e-mails: an address, or a name and an address in angle brackets.',
  }),
});

export interface MailConfig {
  readonly smtpUrl?: string;
  readonly from: string;
}

export const mailConfig = ({ SMTP_URL, MAIL_FROM }: ValuesOf<typeof mail>): MailConfig => ({
  from: MAIL_FROM,
  ...(SMTP_URL === undefined ? {} : { smtpUrl: SMTP_URL }),
});
