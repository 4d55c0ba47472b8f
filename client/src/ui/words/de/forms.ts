import type { Translation } from '../catalogue';
import type { forms as source } from '../en/forms';

export const forms: Translation<typeof source> = {
  'account.password.show': 'Passwort zeigen',
  'account.password.hide': 'Passwort verbergen',
  'account.agree.needed': 'Setz zuerst hier den Haken, um den Regeln zuzustimmen.',
  'problem.needed': 'Füll dieses Feld aus',
  'problem.email': 'Das sieht nicht nach einer E-Mail-Adresse aus',
  'problem.password.short': { one: 'Mindestens {count} Zeichen', other: 'Mindestens {count} Zeichen' },
  'problem.password.long': { one: 'Höchstens {count} Zeichen', other: 'Höchstens {count} Zeichen' },
  'problem.password.wrong': 'Das ist nicht dein Passwort',
  'problem.birth.odd': 'Wähle ein Datum in der Vergangenheit',
  'problem.password.not_chosen': 'Das ist nicht das Passwort, das du bei der Registrierung gewählt hast.',
  'problem.birth.young': {
    one: 'Für ein Konto musst du mindestens {count} Jahr alt sein',
    other: 'Für ein Konto musst du mindestens {count} Jahre alt sein',
  },
  'problem.name.long': { one: 'Höchstens {count} Buchstabe', other: 'Höchstens {count} Buchstaben' },
  'problem.name.odd': 'Nur Buchstaben, Ziffern, Emojis, Leerzeichen und übliche Satzzeichen',
};
