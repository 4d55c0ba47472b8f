import type { MailKind } from '../app/accounts/ports/mailer';
import { MAIL_LANGUAGES, type MailLanguage } from './languages';

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
  // Browsers do not send the part behind `#`: no server and no proxy sees the token.
  switch (mail.kind) {
    case 'confirm_account':
      return CONFIRM_ACCOUNT[language](`${publicUrl}/account/confirm#token=${mail.token}`);
    case 'already_registered':
      return inAll(language, (of) => ALREADY_REGISTERED[of](name, `${publicUrl}/account`, page));
    case 'reset':
      return inAll(language, (of) => RESET[of](name, `${page}#token=${mail.token}`));
    case 'password_changed':
      return PASSWORD_CHANGED[language](name, page);
  }
}

/**
 * Anybody can cause these mails with a browser of any language, so whoever has the account reads them in each, first in
 * the one that was asked in.
 */
function inAll(first: MailLanguage, write: (language: MailLanguage) => Written): Written {
  const all = [first, ...MAIL_LANGUAGES.filter((language) => language !== first)].map(write);
  return {
    subject: all.map(({ subject }) => subject).join(' / '),
    text: all.map(({ text }) => text).join('\n----------\n\n'),
  };
}

const CONFIRM_ACCOUNT: Readonly<Record<MailLanguage, (link: string) => Written>> = {
  en: (link) => ({
    subject: 'Confirm your email address',
    text: `Hello,

Someone registered at Passerby with this email address. If it was you, open this link to finish:

${link}

It asks for the password that you have just chosen, and expires after a day.

If it was not you, ignore this email. No account is made.

Passerby
`,
  }),
  de: (link) => ({
    subject: 'Bestätige deine E-Mail-Adresse',
    text: `Hallo,

jemand hat sich bei Passerby mit dieser E-Mail-Adresse registriert. Wenn du das warst, öffne diesen Link:

${link}

Dort gibst du das Passwort ein, das du gerade gewählt hast. Der Link gilt einen Tag lang.

Wenn du das nicht warst, ignoriere diese E-Mail. Es entsteht kein Konto.

Passerby
`,
  }),
};

const ALREADY_REGISTERED: Readonly<
  Record<MailLanguage, (name: string, account: string, reset: string) => Written>
> = {
  en: (name, account, reset) => ({
    subject: 'You already have an account',
    text: `Hello ${name},

Someone just tried to register at Passerby with this email address. You already have an account, so nothing has changed.

If it was you, log in here:

${account}

If you do not remember your password, choose a new one:

${reset}

If it was not you, you can ignore this email.

Passerby
`,
  }),
  de: (name, account, reset) => ({
    subject: 'Du hast schon ein Konto',
    text: `Hallo ${name},

jemand wollte sich gerade bei Passerby mit dieser E-Mail-Adresse registrieren. Du hast schon ein Konto, deshalb hat sich nichts geändert.

Wenn du das warst, melde dich hier an:

${account}

Wenn du dein Passwort nicht mehr weißt, wähle ein neues:

${reset}

Wenn du das nicht warst, kannst du diese E-Mail ignorieren.

Passerby
`,
  }),
};

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
