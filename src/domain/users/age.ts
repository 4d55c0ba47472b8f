import { ageOn, type AgeBand } from '../../protocol';

/** The band an age belongs to; null below the lowest age that is allowed here. */
export function ageBandOf(age: number): AgeBand | null {
  if (age < 13) return null;
  if (age < 18) return '13-17';
  if (age < 25) return '18-24';
  if (age < 35) return '25-34';
  if (age < 50) return '35-49';
  return '50+';
}

/** The age from which a user meets adults and no minors. */
export const ADULT_AGE = 18;

/** Whether a user born on `birthDate` may have an account on `day`. */
export const isOldEnough = (birthDate: string, day: string, minimumAge: number): boolean =>
  ageOn(birthDate, day) >= minimumAge;
