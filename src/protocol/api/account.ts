import { z } from 'zod';
import {
  AGE_BANDS,
  GENDERS,
  ageBandSchema,
  countrySchema,
  genderSchema,
  interestsSchema,
  languageSchema,
  modeSchema,
} from '../wishes';
import { LIMITS } from '../limits';
import { cleanText, fitsSigns, isName } from '../written-text';
import { planStateSchema } from './plans';

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Compared without regard to case, and kept as it was written. */
export const emailSchema = z.string().trim().max(254).pipe(z.email());

/** Length is what makes a password strong; anything may be in it, and it is compared in NFKC. */
export const passwordSchema = z.string().min(LIMITS.passwordChars.least).max(LIMITS.passwordChars.most);

/** The name that others read: letters of every script, digits, emoji and the signs of names, nothing invisible. */
export const personNameSchema = z
  .string()
  .max(LIMITS.writtenChars)
  .transform(cleanText)
  .refine((name) => fitsSigns(name, LIMITS.nameChars.most))
  .refine(isName);

/** A day that exists, `YYYY-MM-DD`. */
export const birthDateSchema = z.iso.date();

/**
 * Whole years between two days, `YYYY-MM-DD` each; negative for a birth in the future. A user born on 29 February
 * becomes a year older on 1 March in other years: no user counts as older than they are.
 */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** The oldest person who ever lived reached 122: an earlier birth date is a typing error, as is one in the future. */
const MOST_YEARS = 125;

export function couldBeBirthDate(birthDate: string, day: string): boolean {
  const age = ageOn(birthDate, day);
  return age >= 0 && age <= MOST_YEARS;
}

/** What a person says of themselves and whom they would like to meet. It is kept, so that no search has to repeat it. */
export const profileSchema = z.object({
  gender: genderSchema.nullable(),
  country: countrySchema.nullable(),
  languages: z.array(languageSchema).max(LIMITS.languages).transform(unique),
  interests: interestsSchema,
  mode: modeSchema,
  wantedGenders: z.array(genderSchema).max(GENDERS.length).transform(unique),
  wantedAgeBands: z.array(ageBandSchema).max(AGE_BANDS.length).transform(unique),
  avoidCountries: z.array(countrySchema).max(LIMITS.blockedCountries).transform(unique),
  blurFirst: z.boolean(),
});
export type Profile = z.infer<typeof profileSchema>;
/** A profile in a reply: what was kept when other rules held is still shown. */
export const keptProfileSchema = profileSchema.extend({ interests: z.array(z.string()) });

/** The person behind a browser: a guest or an account. */
export const meSchema = z.object({
  id: z.string(),
  name: z.string(),
  isAnonymous: z.boolean(),
  /** Null for guests, as is the birth date. */
  email: z.string().nullable(),
  birthDate: z.string().nullable(),
  ageBand: ageBandSchema.nullable(),
  profile: keptProfileSchema,
  plan: planStateSchema,
  /** ms since the epoch */
  createdAt: z.number(),
});
export type Me = z.infer<typeof meSchema>;

/** Null: this browser has not been here yet, or not for two hours. */
export const meReplySchema = z.object({
  me: meSchema.nullable(),
  /** The least age for an account. */
  minimumAge: z.number().int(),
});

export const registerSchema = z.object({
  email: emailSchema,
  password: passwordSchema,
  birthDate: birthDateSchema,
  /** Left out: the guest's name, or a generated one. */
  name: personNameSchema.optional(),
  agreed: z.literal(true),
});

/** The token of the e-mail, and the password that was chosen at the registration. */
export const confirmAccountSchema = z.object({
  token: z.string().min(1).max(200),
  password: z.string().max(LIMITS.passwordChars.most),
});

export const logInSchema = z.object({
  email: emailSchema,
  password: z.string().max(LIMITS.passwordChars.most),
});

export const changeAccountSchema = z.object({
  name: personNameSchema.optional(),
  profile: profileSchema.partial().optional(),
});

export const changePasswordSchema = z.object({
  current: z.string().max(LIMITS.passwordChars.most),
  next: passwordSchema,
});

export const askResetSchema = z.object({ email: emailSchema });
export const resetSchema = z.object({ token: z.string().min(1).max(200), password: passwordSchema });

export const blockSchema = z.object({ userId: z.string(), name: z.string(), at: z.number() });
export const blocksReplySchema = z.object({ blocks: z.array(blockSchema) });

export const statisticsSchema = z.object({
  calls: z.number().int(),
  talkedMs: z.number(),
  longestMs: z.number(),
  messagesSent: z.number().int(),
  skipped: z.number().int(),
});

export const deviceSchema = z.object({
  id: z.string(),
  /** For people to read: "Firefox on Linux". */
  device: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
  /** Whether the request came from this device. */
  isThis: z.boolean(),
});
export const devicesReplySchema = z.object({ devices: z.array(deviceSchema) });
