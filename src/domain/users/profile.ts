import type { Profile } from '../../protocol';

/** The profile of a user who has not filled one in. */
export const DEFAULT_PROFILE: Profile = {
  gender: null,
  country: null,
  languages: [],
  interests: [],
  mode: 'video',
  wantedGenders: [],
  wantedAgeBands: [],
  avoidCountries: [],
  blurFirst: true,
};
