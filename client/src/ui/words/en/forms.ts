/** What is wrong with a field of a form, and the parts of a password field. */
export const forms = {
  'account.password.show': 'Show the password',
  'account.password.hide': 'Hide the password',
  'account.agree.needed': 'Tick this box first to agree to the rules.',
  'problem.needed': 'Fill this in',
  'problem.email': 'That does not look like an email address',
  'problem.password.short': { one: 'At least {count} character', other: 'At least {count} characters' },
  'problem.password.long': { one: 'At most {count} character', other: 'At most {count} characters' },
  'problem.password.wrong': 'That is not your password',
  'problem.birth.odd': 'Choose a date in the past',
  'problem.password.not_chosen': 'This is not the password that you chose when you signed up.',
  'problem.birth.young': {
    one: 'You must be at least {count} year old to have an account',
    other: 'You must be at least {count} years old to have an account',
  },
  'problem.name.long': { one: 'At most {count} letter', other: 'At most {count} letters' },
  'problem.name.odd': 'Use letters, numbers, emoji, spaces and common punctuation',
} as const;
