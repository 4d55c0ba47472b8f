import type { MailKind } from '../app/accounts/ports/mailer';
import type { MailLanguage } from './languages';

export interface Written {
  readonly subject: string;
  readonly text: string;
}

/** What a mail needs besides its kind. */
export interface Particulars {
  readonly name: string;
  /** Where people reach the product, without a slash at its end. */
  readonly publicUrl: string;
}

/** Plain text: what happened, then what to do. */
export function renderMail(
  mail: MailKind,
  { name, publicUrl }: Particulars,
  language: MailLanguage,
): Written {
  const page = `${publicUrl}/account/reset`;
  switch (mail.kind) {
    case 'reset':
      // Browsers do not send the part behind `#`: no server and no proxy sees the token.
      return RESET[language](name, `${page}#token=${mail.token}`);
    case 'password_changed':
      return PASSWORD_CHANGED[language](name, page);
  }
}

const RESET: Readonly<Record<MailLanguage, (name: string, link: string) => Written>> = {
  en: (name, link) => ({
    subject: 'Choose a new password',
    text: `Hello ${name},

you asked to choose a new password for Passerby. Do it here:

${link}

The link works once, for one hour. Choosing a new password logs you out everywhere.

If you did not ask for this, leave it be. Your password stays as it is.

Passerby
`,
  }),
  de: (name, link) => ({
    subject: 'Neues Passwort wählen',
    text: `Hallo ${name},

du möchtest ein neues Passwort für Passerby wählen. Das geht hier:

${link}

Der Link gilt einmal und eine Stunde lang. Mit dem neuen Passwort wirst du überall abgemeldet.

Wenn du das nicht warst, musst du nichts tun. Dein Passwort bleibt, wie es ist.

Passerby
`,
  }),
};

const PASSWORD_CHANGED: Readonly<Record<MailLanguage, (name: string, page: string) => Written>> = {
  en: (name, page) => ({
    subject: 'Your password was changed',
    text: `Hello ${name},

your password for Passerby was just changed, and your other devices were logged out.

If it was you, there is nothing to do. If it was not, choose a new one now:

${page}

Passerby
`,
  }),
  de: (name, page) => ({
    subject: 'Dein Passwort wurde geändert',
    text: `Hallo ${name},

dein Passwort für Passerby wurde eben geändert, und deine anderen Geräte wurden abgemeldet.

Wenn du das warst, ist nichts zu tun. Wenn nicht, wähle jetzt ein neues:

${page}

Passerby
`,
  }),
};
