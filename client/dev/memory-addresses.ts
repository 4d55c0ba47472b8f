import type { Address } from '../src/app/router/paths';
import type { Addresses } from '../src/app/router/router';

const split = (href: string): Address => {
  const [path = '/', hash = ''] = href.split('#', 2);
  return { path, hash };
};

/** Addresses that leave the one of the rehearsal alone. */
export function memoryAddresses(first: string): Addresses {
  let now = split(first);
  const write = (href: string) => {
    now = split(href);
  };
  return { read: () => now, push: write, replace: write, onMove: () => () => undefined };
}
