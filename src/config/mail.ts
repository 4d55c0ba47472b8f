import { z } from 'zod';
import { scopeOf } from '../domain/addresses';
import { defineFeature, optionalVariable, type ValuesOf } from './variable';

const DEFAULT_SENDER = 'Passerby <no-reply@localhost>';

/** `name@host`, or `Name <name@host>`. A host without a dot is one of this machine's own network. */
const SENDER = /^(?:[^<>\r\n]*<([^<>\s]+)>|([^<>\s]+))$/;
const ADDRESS = /^[^\s@<>()[\],;:"\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

const sender = z
  .string()
  .trim()
  .refine((text) => {
    const [, inBrackets, alone] = SENDER.exec(text) ?? [];
    return ADDRESS.test(inBrackets ?? alone ?? '');
  }, 'has to be an address such as no-reply@example.org, or Name <no-reply@example.org>');

export const mail = defineFeature('Mail', {
  SMTP_URL: optionalVariable({
    schema: z
      .url({ protocol: /^smtps?$/, error: 'is no smtp:// or smtps:// address', abort: true })
      .superRefine((text, context) => {
        if (!URL.canParse(text)) return;
        const { hostname, port, username, password } = new URL(text);
        if (hostname === '') context.addIssue('names no host');
        if (port === '0') context.addIssue('names port 0, on which nothing can be reached');
        if ((username === '') !== (password === ''))
          context.addIssue(
            'needs a user and a password, or neither: smtps://user:password@host, special characters written as %40',
          );
      }),
    defaultInWords: 'none: e-mails become files in `DATA_DIR/mail`, which are kept for a day',
    example: 'smtps://user:password@mail.example.org',
    description:
      'Address of the server that sends e-mails: `smtp://` or `smtps://`, with user and password where needed.',
  }),
  MAIL_FROM: optionalVariable({
    schema: sender,
    defaultInWords: `\`${DEFAULT_SENDER}\``,
    example: 'Passerby <no-reply@example.org>',
    description:
      'Sender of e-mails: an address, or a name and an address in angle brackets. A mail server on another machine needs an address of your own domain.',
  }),
});

export interface MailConfig {
  readonly smtpUrl?: string;
  readonly from: string;
}

export const mailConfig = ({ SMTP_URL, MAIL_FROM }: ValuesOf<typeof mail>): MailConfig => ({
  from: MAIL_FROM ?? DEFAULT_SENDER,
  ...(SMTP_URL === undefined ? {} : { smtpUrl: SMTP_URL }),
});

/** Mail servers of the world refuse mail from `localhost`; one on this machine may write the sender anew. */
export function mailProblems({ SMTP_URL: url, MAIL_FROM: from }: ValuesOf<typeof mail>): string[] {
  if (url === undefined || from !== undefined) return [];
  const { hostname } = new URL(url);
  return hostname === 'localhost' || scopeOf(hostname.replace(/^\[|\]$/g, '')) === 'loopback'
    ? []
    : ['MAIL_FROM: is needed beside SMTP_URL: an address that its server sends mail for'];
}
