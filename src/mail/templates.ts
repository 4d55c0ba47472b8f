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
    subject: 'Reset your password',
    text: `Hello ${name},

You asked to reset your Passerby password. Choose a new one here:

${link}

The link works once and expires after an hour. A new password logs you out on all devices.

If you did not ask for this, you can ignore this email. Your password stays as it is.

Passerby
`,
  }),
  de: (name, link) => ({
    subject: 'Passwort zurücksetzen',
    text: `Hallo ${name},

du möchtest dein Passwort für Passerby zurücksetzen. Wähle hier ein neues:

${link}

Der Link gilt einmal und eine Stunde lang. Mit dem neuen Passwort wirst du auf allen Geräten abgemeldet.

Wenn du das nicht warst, kannst du diese E-Mail ignorieren. Dein Passwort bleibt, wie es ist.

Passerby
`,
  }),
};

const PASSWORD_CHANGED: Readonly<Record<MailLanguage, (name: string, page: string) => Written>> = {
  en: (name, page) => ({
    subject: 'Your password has been changed',
    text: `Hello ${name},

Your Passerby password has just been changed, and your other devices have been logged out.

If this was you, you do not have to do anything. If it was not, choose a new password now:

${page}

Passerby
`,
  }),
  de: (name, page) => ({
    subject: 'Dein Passwort wurde geändert',
    text: `Hallo ${name},

dein Passwort für Passerby wurde gerade geändert, und deine anderen Geräte wurden abgemeldet.

Wenn du das warst, musst du nichts tun. Wenn nicht, wähle jetzt ein neues Passwort:

${page}

Passerby
`,
  }),
};
