/** What is wrong with a field of a form, and the parts of a password field. */
export const forms = {
  'account.password.show': 'Show the password',
  'account.password.hide': 'Hide the password',
  'account.agree.needed': 'Tick this first: it says that you know the rules and keep to them.',
  'problem.needed': 'This is needed',
  'problem.email': 'That does not look like an e-mail address',
  'problem.password.short': { one: 'At least {count} character', other: 'At least {count} characters' },
  'problem.password.long': { one: 'At most {count} character', other: 'At most {count} characters' },
  'problem.password.wrong': 'That is not your password',
  'problem.birth.odd': 'There is no such day in the past',
  'problem.birth.young': {
    one: 'You have to be {count} year old to have an account here',
    other: 'You have to be {count} years old to have an account here',
  },
  'problem.name.short': 'At least two letters',
  'problem.name.long': { one: 'At most {count} letter', other: 'At most {count} letters' },
  'problem.name.odd': 'Only letters, figures, spaces and common signs',
} as const;
