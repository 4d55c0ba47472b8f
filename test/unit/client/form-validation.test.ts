import {
  agreementProblem,
  birthProblem,
  emailProblem,
  nameProblem,
  newPasswordProblem,
  passwordProblem,
  todayOf,
} from '../../../client/src/ui/forms/validation';
import { birthDateSchema, emailSchema, passwordSchema, personNameSchema } from '../../../src/protocol';

const TODAY = '2026-02-28';

describe('A2 what a form says before anything is sent', () => {
  it('A2 an address', () => {
    expect(emailProblem('  ')).toEqual({ line: 'problem.needed' });
    expect(emailProblem('mira@')).toEqual({ line: 'problem.email' });
    expect(emailProblem(` ${'a'.repeat(250)}@example.org`)).toEqual({ line: 'problem.email' });
    expect(emailProblem(' mira@example.org ')).toBeNull();
  });

  it('A2 a password that is chosen, and one that exists', () => {
    expect(newPasswordProblem('')).toEqual({ line: 'problem.needed' });
    expect(newPasswordProblem('seven77')).toEqual({ line: 'problem.password.short', count: 8 });
    expect(newPasswordProblem('x'.repeat(201))).toEqual({ line: 'problem.password.long', count: 200 });
    expect(newPasswordProblem('eight888')).toBeNull();
    expect(passwordProblem('x')).toBeNull();
    expect(passwordProblem('')).toEqual({ line: 'problem.needed' });
  });

  it('A2 a birth date: a day that was, and old enough to the day', () => {
    expect(birthProblem('', 18, TODAY)).toEqual({ line: 'problem.needed' });
    expect(birthProblem('2001-02-30', 18, TODAY)).toEqual({ line: 'problem.birth.odd' });
    expect(birthProblem('2026-03-01', 18, TODAY)).toEqual({ line: 'problem.birth.odd' });
    expect(birthProblem('2008-02-28', 18, TODAY)).toBeNull();
    expect(birthProblem('2008-02-29', 18, TODAY)).toEqual({ line: 'problem.birth.young', count: 18 });
    expect(birthProblem('2010-01-01', 16, TODAY)).toBeNull();
    expect(birthProblem('1900-02-28', 18, TODAY)).toEqual({ line: 'problem.birth.odd' });
    expect(todayOf(Date.UTC(2026, 1, 28, 23, 59))).toBe(TODAY);
  });

  it('A2 a name as others will read it', () => {
    expect(nameProblem(' ')).toEqual({ line: 'problem.needed' });
    expect(nameProblem('x')).toBeNull();
    expect(nameProblem('x'.repeat(25))).toEqual({ line: 'problem.name.long', count: 24 });
    expect(nameProblem('👩🏽‍💻'.repeat(25))).toEqual({ line: 'problem.name.long', count: 24 });
    expect(nameProblem('👩🏽‍💻'.repeat(24))).toBeNull();
    expect(nameProblem('\u3164\u200b')).toEqual({ line: 'problem.name.odd' });
    expect(nameProblem('Jean‑Luc O’Neill')).toBeNull();
    expect(nameProblem("Jean-Luc O'Neill")).toBeNull();
    expect(agreementProblem(false)).toEqual({ line: 'account.agree.needed' });
  });

  it('A2 agrees with what the server takes', () => {
    for (const value of ['', 'a@b', 'mira@example.org', 'eight888', 'Äöü ß', '2000-02-30', '2000-02-29']) {
      expect(emailProblem(value) === null).toBe(emailSchema.safeParse(value).success);
      expect(newPasswordProblem(value) === null).toBe(passwordSchema.safeParse(value).success);
      expect(nameProblem(value) === null).toBe(personNameSchema.safeParse(value).success);
      expect(birthProblem(value, 0, TODAY) === null).toBe(birthDateSchema.safeParse(value).success);
    }
  });
});
