/** Everything that has an address of its own. The server answers each of them with the page. */
export const PLACES = {
  home: '/',
  account: '/account',
  reset: '/account/reset',
  profile: '/profile',
  blocks: '/blocks',
  plans: '/plans',
  privacy: '/privacy',
} as const;

export type Place = keyof typeof PLACES;

/** The pages the menu leads to, in its order. */
export const MENU = ['account', 'profile', 'blocks', 'plans', 'privacy'] as const satisfies readonly Place[];

export interface Address {
  readonly path: string;
  /** Without its `#`. Views of a page, and the one secret that may stand in an address: servers never see it. */
  readonly hash: string;
}

export interface Location {
  readonly place: Place;
  readonly hash: string;
}

/** What is at an address; whatever is unknown is the landing. */
export function locationAt({ path, hash }: Address): Location {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const place = (Object.keys(PLACES) as Place[]).find((name) => PLACES[name] === plain);
  return place === undefined ? { place: 'home', hash: '' } : { place, hash };
}

export const hrefOf = (place: Place, hash = ''): string =>
  hash === '' ? PLACES[place] : `${PLACES[place]}#${hash}`;

/** The secret in a link such as `/account/reset#token=…`, or null. */
export const tokenIn = (hash: string): string | null => new URLSearchParams(hash).get('token') || null;
