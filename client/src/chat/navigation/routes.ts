import { Routes, type LocationOf, type RouteNameOf } from '../../ui/routing/routes';

/**
 * Every address of the chat app. The server answers each of them with `index.html`, and `unknown` with the status 404; a
 * test compares both lists.
 */
export const ROUTES = {
  home: '/',
  account: '/account',
  confirm: '/account/confirm',
  reset: '/account/reset',
  profile: '/profile',
  blocks: '/blocks',
  plans: '/plans',
  privacy: '/privacy',
  /** Any address that is none of the others. */
  unknown: '/404',
} as const;

export type RouteName = RouteNameOf<typeof ROUTES>;
export type Location = LocationOf<typeof ROUTES>;
/** The routes of all pages, which is everything but the landing, the search and the call. */
export type PageRoute = Exclude<RouteName, 'home'>;

export const routes = new Routes(ROUTES, 'unknown');

/** The pages that the menu links to, in its order. */
export const MENU = [
  'account',
  'profile',
  'blocks',
  'plans',
  'privacy',
] as const satisfies readonly PageRoute[];

/** The secret in a link such as `/account/reset#token=…`, or null. */
export const tokenIn = (hash: string): string | null => {
  const token = new URLSearchParams(hash).get('token');
  return token === '' ? null : token;
};
