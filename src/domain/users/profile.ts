import type { Profile } from '../../protocol';

/** What holds for somebody who has said nothing of themselves yet. */
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
