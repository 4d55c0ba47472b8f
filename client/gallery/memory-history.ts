import type { AddressHistory } from '../src/ui/routing/router';
import type { Address } from '../src/ui/routing/routes';

const split = (href: string): Address => {
  const [path = '/', hash = ''] = href.split('#', 2);
  return { path, hash };
};

/** A history in memory, so that the address of the gallery itself stays as it is. */
export function memoryHistory(first: string): AddressHistory {
  let now = split(first);
  const write = (href: string) => {
    now = split(href);
  };
  return { read: () => now, push: write, replace: write, onPopState: () => () => undefined };
}
