import type { AgeBand } from '../../protocol';

/**
 * Whole years between two days, `YYYY-MM-DD` each; negative for a birth to come. Who was born on 29 February becomes
 * a year older on 1 March where there is no such day: nobody counts as older than they are.
 */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** The band an age belongs to; null below the least age anybody may have here. */
export function ageBandOf(age: number): AgeBand | null {
  if (age < 13) return null;
  if (age < 18) return '13-17';
  if (age < 25) return '18-24';
  if (age < 35) return '25-34';
  if (age < 50) return '35-49';
  return '50+';
}

/** The oldest person who ever lived reached 122: a birth date before that is a slip, as is one to come. */
const MOST_YEARS = 125;

export function couldBeBirthDate(birthDate: string, day: string): boolean {
  const age = ageOn(birthDate, day);
  return age >= 0 && age <= MOST_YEARS;
}

/** Years from which somebody meets adults and no minors. */
export const ADULT_AGE = 18;

/** Whether somebody born on that day may have an account on this one. */
export const isOldEnough = (birthDate: string, day: string, minimumAge: number): boolean =>
  ageOn(birthDate, day) >= minimumAge;
