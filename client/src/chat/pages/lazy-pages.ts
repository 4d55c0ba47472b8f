import { lazyComponent, type LazyComponent } from '../../ui/loading/lazy-component';
import type { PageRoute, RouteName } from '../navigation/routes';
import type { PageProps } from './page-frame';

/**
 * The pages, each in a chunk of its own. A new page needs a route in `navigation/routes`, a line here, its title
 * `page.<route>` in the message catalogue, and its address in the server's list (`src/http/client`).
 */
export const PAGES: Readonly<Record<PageRoute, LazyComponent<PageProps>>> = {
  account: lazyComponent(async () => (await import('./account/AccountPage')).AccountPage),
  confirm: lazyComponent(async () => (await import('./account/ConfirmPage')).ConfirmPage),
  reset: lazyComponent(async () => (await import('./account/ResetPage')).ResetPage),
  profile: lazyComponent(async () => (await import('./profile/ProfilePage')).ProfilePage),
  blocks: lazyComponent(async () => (await import('./blocks/BlocksPage')).BlocksPage),
  plans: lazyComponent(async () => (await import('./plans/PlansPage')).PlansPage),
  privacy: lazyComponent(async () => (await import('./privacy/PrivacyPage')).PrivacyPage),
  unknown: lazyComponent(async () => (await import('./unknown/UnknownPage')).UnknownPage),
};

/** Loads the code of a page before somebody goes there. The landing screen is always loaded. */
export function preloadPage(route: RouteName): void {
  if (route !== 'home') PAGES[route].preload();
}
