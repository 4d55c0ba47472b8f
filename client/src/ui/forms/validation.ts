import {
  LIMITS,
  ageOn,
  birthDateSchema,
  cleanText,
  couldBeBirthDate,
  emailSchema,
  fitsSigns,
  passwordSchema,
  personNameSchema,
} from '../../../../src/protocol';
import type { Key } from '../words';

/** A validation problem of one field, as a key of the message catalogue. */
export interface Problem {
  readonly line: Key;
  readonly count?: number;
}

const NEEDED: Problem = { line: 'problem.needed' };

export function emailProblem(email: string): Problem | null {
  if (email.trim() === '') return NEEDED;
  return emailSchema.safeParse(email).success ? null : { line: 'problem.email' };
}

/** Checks a new password. Whether an existing password is right is known only to the server. */
export function newPasswordProblem(password: string): Problem | null {
  if (password === '') return NEEDED;
  if (passwordSchema.safeParse(password).success) return null;
  const { least, most } = LIMITS.passwordChars;
  return password.length < least
    ? { line: 'problem.password.short', count: least }
    : { line: 'problem.password.long', count: most };
}

export const passwordProblem = (password: string): Problem | null => (password === '' ? NEEDED : null);

/** `today` is the date in UTC, as on the server. */
export function birthProblem(birth: string, minimumAge: number, today: string): Problem | null {
  if (birth === '') return NEEDED;
  if (!birthDateSchema.safeParse(birth).success || !couldBeBirthDate(birth, today)) {
    return { line: 'problem.birth.odd' };
  }
  return ageOn(birth, today) < minimumAge ? { line: 'problem.birth.young', count: minimumAge } : null;
}

export function nameProblem(name: string): Problem | null {
  if (name.trim() === '') return NEEDED;
  if (personNameSchema.safeParse(name).success) return null;
  const { most } = LIMITS.nameChars;
  return !fitsSigns(cleanText(name), most)
    ? { line: 'problem.name.long', count: most }
    : { line: 'problem.name.odd' };
}

export const agreementProblem = (agreed: boolean): Problem | null =>
  agreed ? null : { line: 'account.agree.needed' };

/** The current date in UTC. */
export const todayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);
