import type { Addresses } from './router';

/** The browser's own history. */
export function browserAddresses(): Addresses {
  const { history, location } = window;
  return {
    read: () => ({ path: location.pathname, hash: location.hash.slice(1) }),
    push: (href) => history.pushState(null, '', href),
    replace: (href) => history.replaceState(null, '', href),
    onMove: (listener) => {
      window.addEventListener('popstate', listener);
      return () => window.removeEventListener('popstate', listener);
    },
  };
}
