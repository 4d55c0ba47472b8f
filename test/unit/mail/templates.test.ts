import { renderMail } from '../../../src/mail/templates';
import { MAIL_LANGUAGES, mailLanguage } from '../../../src/mail/languages';

test.each([
  ['', 'en'],
  ['de', 'de'],
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['en-GB,en;q=0.9,de;q=0.8', 'en'],
  ['fr,de;q=0.5,en;q=0.4', 'de'],
  ['fr, ja', 'en'],
  ['de;q=0, en;q=0.1', 'en'],
  ['DE', 'de'],
  [';;;,,q=', 'en'],
])('C4 %p is read in %s', (header, language) => {
  expect(mailLanguage(header)).toBe(language);
});

test.each(MAIL_LANGUAGES)('A2 mails in %s say hello, what happened and where to go', (language) => {
  const about = { name: 'Zoë', publicUrl: 'https://passerby.example' };
  const reset = renderMail({ kind: 'reset', token: 'abc_-123' }, about, language);
  expect(reset.text).toContain('https://passerby.example/account/reset#token=abc_-123');
  const changed = renderMail({ kind: 'password_changed' }, about, language);
  expect(changed.text).toContain('https://passerby.example/account/reset\n');
  for (const { subject, text } of [reset, changed]) {
    expect(text).toContain('Zoë');
    // The style of the product: no exclamation marks, no full stop behind a heading.
    expect(subject + text).not.toContain('!');
    expect(subject).not.toMatch(/[.\n]/);
  }
});

test.each(MAIL_LANGUAGES)(
  'A2 C4 a mail that anybody can cause is in every language (asked for in %s)',
  (language) => {
    const about = { name: 'Zoë', publicUrl: 'https://passerby.example' };
    for (const mail of [{ kind: 'already_registered' }, { kind: 'reset', token: 'abc' }] as const) {
      const { text, subject } = renderMail(mail, about, language);
      for (const hello of ['Hello Zoë', 'Hallo Zoë']) expect(text).toContain(hello);
      expect(text.startsWith(language === 'de' ? 'Hallo' : 'Hello')).toBe(true);
      expect(subject).toContain(' / ');
    }
  },
);
