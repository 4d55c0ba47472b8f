import type { AddressHistory } from './router';

/** The history of the browser's tab. */
export function browserHistory(): AddressHistory {
  const { history, location } = window;
  return {
    read: () => ({ path: location.pathname, hash: location.hash.slice(1) }),
    push: (href) => history.pushState(null, '', href),
    replace: (href) => history.replaceState(null, '', href),
    onPopState: (listener) => {
      window.addEventListener('popstate', listener);
      return () => window.removeEventListener('popstate', listener);
    },
  };
}
