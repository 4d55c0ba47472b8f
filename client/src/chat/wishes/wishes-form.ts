import {
  AGE_BANDS,
  GENDERS,
  LIMITS,
  MODES,
  cleanText,
  comparisonKey,
  countrySchema,
  fitsSigns,
  interestSchema,
  languageSchema,
  type AgeBand,
  type Gender,
  type Mode,
  type Profile,
  type WishesInput,
} from '../../../../src/protocol';

/** The values of the wishes form. */
export interface WishesForm {
  mode: Mode;
  interests: readonly string[];
  languages: readonly string[];
  gender: Gender | null;
  wantedGenders: readonly Gender[];
  ageBand: AgeBand | null;
  wantedAgeBands: readonly AgeBand[];
  country: string | null;
  avoidCountries: readonly string[];
  blurFirst: boolean;
}

/** Users have confirmed that they are 18 or older, so the age band of minors is not offered. */
export const ADULT_BANDS: readonly AgeBand[] = AGE_BANDS.filter((band) => band !== '13-17');

/** The languages of the browser are the default for the languages that the user speaks. */
export function freshForm(browserLanguages: readonly string[]): WishesForm {
  const languages = browserLanguages.map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return {
    mode: 'video',
    interests: [],
    languages: [...new Set(languages)].filter(isLanguage).slice(0, LIMITS.languages),
    gender: null,
    wantedGenders: [],
    ageBand: null,
    wantedAgeBands: [],
    country: null,
    avoidCountries: [],
    blurFirst: true,
  };
}

const isLanguage = (value: unknown): value is string => languageSchema.safeParse(value).success;
const isCountry = (value: unknown): value is string => countrySchema.safeParse(value).success;
const isInterest = (value: unknown): value is string => interestSchema.safeParse(value).success;

function oneOf<T>(value: unknown, allowed: readonly T[]): T | null {
  return allowed.find((item) => item === value) ?? null;
}

function listOf<T>(value: unknown, is: (item: unknown) => item is T, most: number): T[] | null {
  return Array.isArray(value) ? [...new Set(value.filter(is))].slice(0, most) : null;
}

/** Reads a stored form. A missing or invalid value is replaced by the default of a new visitor. */
export function readForm(stored: string | null, browserLanguages: readonly string[]): WishesForm {
  const fresh = freshForm(browserLanguages);
  let value: Partial<Record<keyof WishesForm, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) value = parsed;
  } catch {
    return fresh;
  }
  const isGender = (item: unknown): item is Gender => oneOf(item, GENDERS) !== null;
  const isBand = (item: unknown): item is AgeBand => oneOf(item, ADULT_BANDS) !== null;
  return {
    mode: oneOf(value.mode, MODES) ?? fresh.mode,
    interests: listOf(value.interests, isInterest, LIMITS.interests) ?? fresh.interests,
    languages: listOf(value.languages, isLanguage, LIMITS.languages) ?? fresh.languages,
    gender: oneOf(value.gender, GENDERS),
    wantedGenders: listOf(value.wantedGenders, isGender, GENDERS.length) ?? [],
    ageBand: oneOf(value.ageBand, ADULT_BANDS),
    wantedAgeBands: listOf(value.wantedAgeBands, isBand, ADULT_BANDS.length) ?? [],
    country: isCountry(value.country) ? value.country : null,
    avoidCountries: listOf(value.avoidCountries, isCountry, LIMITS.blockedCountries) ?? [],
    blurFirst: typeof value.blurFirst === 'boolean' ? value.blurFirst : fresh.blurFirst,
  };
}

/** The form for the profile of an account. The age comes from the birth date, so the form has none. */
export const formOf = (profile: Profile): WishesForm => ({
  mode: profile.mode,
  interests: profile.interests,
  languages: profile.languages,
  gender: profile.gender,
  wantedGenders: profile.wantedGenders,
  ageBand: null,
  wantedAgeBands: profile.wantedAgeBands,
  country: profile.country,
  avoidCountries: profile.avoidCountries,
  blurFirst: profile.blurFirst,
});

export const profileOf = (form: WishesForm): Profile => ({
  gender: form.gender,
  country: form.country,
  languages: [...form.languages],
  interests: [...form.interests],
  mode: form.mode,
  wantedGenders: [...form.wantedGenders],
  wantedAgeBands: [...form.wantedAgeBands],
  avoidCountries: [...form.avoidCountries],
  blurFirst: form.blurFirst,
});

/** The form without the filters that the plan does not include. The stored form keeps them. */
export const underPlan = (form: WishesForm, filters: boolean): WishesForm =>
  filters ? form : { ...form, wantedGenders: [], wantedAgeBands: [], avoidCountries: [] };

/** Choosing all options means the same as choosing none. */
const unlessAll = <T>(chosen: readonly T[], all: readonly T[]): T[] =>
  chosen.length === all.length ? [] : [...chosen];

export function toWishes(form: WishesForm): WishesInput {
  return {
    mode: form.mode,
    interests: [...form.interests],
    languages: [...form.languages],
    gender: form.gender,
    wantedGenders: unlessAll(form.wantedGenders, GENDERS),
    ageBand: form.ageBand,
    wantedAgeBands: unlessAll(form.wantedAgeBands, ADULT_BANDS),
    country: form.country,
    avoidCountries: [...form.avoidCountries],
    blurFirst: form.blurFirst,
  };
}

export type InterestProblem = 'full' | 'long' | 'there' | 'odd';

/** Normalises an interest as the server does, or says why it cannot be added. Null for an empty text. */
export function interestFrom(
  text: string,
  interests: readonly string[],
): { interest: string } | { problem: InterestProblem } | null {
  const plain = cleanText(text);
  // Signs that show nothing are named, so that they do not vanish without a word.
  if (plain === '') return text.trim() === '' ? null : { problem: 'odd' };
  if (interests.length >= LIMITS.interests) return { problem: 'full' };
  if (!fitsSigns(plain, LIMITS.interestChars)) return { problem: 'long' };
  const key = comparisonKey(plain);
  if (interests.some((interest) => comparisonKey(interest) === key)) return { problem: 'there' };
  const parsed = interestSchema.safeParse(plain);
  return parsed.success ? { interest: parsed.data } : { problem: 'odd' };
}

/** The commas of several scripts, and the line breaks of a pasted list. */
const BETWEEN_INTERESTS = /[,،、，;；\n]/u;

/**
 * Splits typed or pasted text at its commas. The text after the last comma is still being typed, unless `done` is
 * set. From the first interest that cannot be added, everything stays in the field.
 */
export function takeInterests(
  text: string,
  interests: readonly string[],
  done: boolean,
): { interests: readonly string[]; rest: string; problem: InterestProblem | null } {
  const pieces = text.split(BETWEEN_INTERESTS);
  const open = done ? '' : (pieces.pop() ?? '').trimStart();
  const taken = [...interests];
  for (const [index, piece] of pieces.entries()) {
    const result = interestFrom(piece, taken);
    if (result === null) continue;
    if ('interest' in result) taken.push(result.interest);
    // A duplicate in a pasted list is ignored. A duplicate that was typed alone is reported.
    else if (result.problem !== 'there' || pieces.length === 1) {
      const left = [...pieces.slice(index), open].map((word) => word.trim()).filter(Boolean);
      return { interests: taken, rest: left.join(', '), problem: result.problem };
    }
  }
  return { interests: taken, rest: open, problem: null };
}
