import { z } from 'zod';
import { LIMITS } from './limits';
import { cleanText, comparisonKey, fitsSigns, isReadable } from './written-text';

/** How two people talk. */
export const MODES = ['video', 'audio', 'text'] as const;
export const modeSchema = z.enum(MODES);
export type Mode = z.infer<typeof modeSchema>;

export const GENDERS = ['female', 'male', 'other'] as const;
export const genderSchema = z.enum(GENDERS);
export type Gender = z.infer<typeof genderSchema>;

/** Age bands. Minors are a band of their own so that "never meets adults" is a comparison, not arithmetic. */
export const AGE_BANDS = ['13-17', '18-24', '25-34', '35-49', '50+'] as const;
export const ageBandSchema = z.enum(AGE_BANDS);
export type AgeBand = z.infer<typeof ageBandSchema>;

/** ISO 3166-1 alpha-2, upper case. */
export const countrySchema = z.string().regex(/^[A-Z]{2}$/);

/** BCP 47 primary language subtag, lower case. */
export const languageSchema = z.string().regex(/^[a-z]{2,3}$/);

/** An interest, clean and in lower case. Two are the same when their `comparisonKey` is. */
export const interestSchema = z
  .string()
  .max(LIMITS.writtenChars)
  .transform((text) => cleanText(cleanText(text).toLowerCase()))
  .refine((text) => fitsSigns(text, LIMITS.interestChars))
  .refine(isReadable);

/** The interests of a profile or of wishes: of those that differ only in how they are typed, the first. */
export const interestsSchema = z
  .array(interestSchema)
  .max(LIMITS.interests)
  .transform((interests) =>
    [
      ...new Map(interests.toReversed().map((interest) => [comparisonKey(interest), interest])).values(),
    ].toReversed(),
  );

/** Each list is made free of repetitions, so that a tag sent twice weighs no more than once. */
const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** A peer's wishes in `find_partner`. All but the mode may be left out. */
export const wishesSchema = z.object({
  mode: modeSchema,
  interests: interestsSchema.default([]),
  languages: z.array(languageSchema).max(LIMITS.languages).transform(unique).default([]),
  gender: genderSchema.nullable().default(null),
  /** Empty means anyone. */
  wantedGenders: z.array(genderSchema).max(GENDERS.length).transform(unique).default([]),
  ageBand: ageBandSchema.nullable().default(null),
  /** Empty means any age (that the hard rules allow). */
  wantedAgeBands: z.array(ageBandSchema).max(AGE_BANDS.length).transform(unique).default([]),
  country: countrySchema.nullable().default(null),
  /** Whether the partner may see the country, if they show theirs too. Where left out, nobody sees it. */
  showCountry: z.boolean().optional(),
  avoidCountries: z.array(countrySchema).max(LIMITS.blockedCountries).transform(unique).default([]),
  /** The number of participants, the peer included. Only pairs are offered so far. */
  groupSize: z.literal(2).default(2),
  /** Picture, sound and chat open only when both have accepted. */
  blurFirst: z.boolean().default(true),
});

export type Wishes = z.infer<typeof wishesSchema>;
/** The same before defaults are filled in: what a client may write. */
export type WishesInput = z.input<typeof wishesSchema>;
