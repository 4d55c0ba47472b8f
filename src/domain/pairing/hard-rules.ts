import type { AgeBand, Gender } from '../../protocol';
import { userIdOf } from '../users/windows';
import type { Ticket } from './ticket';

/** The rules that never relax (M2), by the names that tests and logs use for them. */
export const HARD_RULES = [
  'self',
  'mode',
  'region',
  'trust_pool',
  'group_size',
  'minors_apart',
  'wanted_ages',
  'wanted_genders',
  'avoided_country',
  'blocked',
] as const;
export type HardRule = (typeof HARD_RULES)[number];

/** The group size of a pair. Larger groups are not built from pairs, so a pair is no match for a larger wish. */
export const PAIR = 2;

/** The facts about a peer that decide whether two may meet by age and gender. */
export interface Profile {
  readonly gender: Gender | null;
  readonly ageBand: AgeBand | null;
}

/** A profile and its wishes about the partner. */
export interface ProfileWishes extends Profile {
  readonly wantedGenders: readonly Gender[];
  readonly wantedAgeBands: readonly AgeBand[];
}

const isMinor = ({ ageBand }: Profile): boolean => ageBand === '13-17';

/** Minors meet minors only. A peer of unknown age may be an adult and so counts as one. */
export const agesMayMix = (a: Profile, b: Profile): boolean => isMinor(a) === isMinor(b);

/** A wish for certain ages is met only by a peer whose age is known. */
export const wantsAgeOf = (of: ProfileWishes, other: Profile): boolean =>
  of.wantedAgeBands.length === 0 || (other.ageBand !== null && of.wantedAgeBands.includes(other.ageBand));

/** A wish for certain genders is met only by a peer whose gender is known. */
export const wantsGenderOf = (of: ProfileWishes, other: Profile): boolean =>
  of.wantedGenders.length === 0 || (other.gender !== null && of.wantedGenders.includes(other.gender));

/** A peer whose country is unknown is not avoided: the wish names countries, not peers. */
export const avoidsCountryOf = (
  of: Pick<Ticket, 'avoidCountries'>,
  other: Pick<Ticket, 'country'>,
): boolean => other.country !== null && of.avoidCountries.includes(other.country);

export const wantsPair = ({ groupSize }: Pick<Ticket, 'groupSize'>): boolean => (groupSize ?? PAIR) === PAIR;

const blocks = (by: Pick<Ticket, 'blocked'>, other: Pick<Ticket, 'peerId'>): boolean =>
  by.blocked.length > 0 && by.blocked.includes(userIdOf(other.peerId));

/** The first hard rule that forbids these two to meet, or null. The same whichever of the two comes first. */
export function brokenRule(a: Ticket, b: Ticket): HardRule | null {
  if (a.peerId === b.peerId) return 'self';
  if (a.mode !== b.mode) return 'mode';
  if (a.region !== b.region) return 'region';
  if (a.trustPool !== b.trustPool) return 'trust_pool';
  if (!wantsPair(a) || !wantsPair(b)) return 'group_size';
  if (!agesMayMix(a, b)) return 'minors_apart';
  if (!wantsAgeOf(a, b) || !wantsAgeOf(b, a)) return 'wanted_ages';
  if (!wantsGenderOf(a, b) || !wantsGenderOf(b, a)) return 'wanted_genders';
  if (avoidsCountryOf(a, b) || avoidsCountryOf(b, a)) return 'avoided_country';
  if (blocks(a, b) || blocks(b, a)) return 'blocked';
  return null;
}

export const mayMeet = (a: Ticket, b: Ticket): boolean => brokenRule(a, b) === null;
