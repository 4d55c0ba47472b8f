import {
  MENU,
  PLACES,
  hrefOf,
  locationAt,
  tokenIn,
  type Address,
} from '../../../client/src/app/router/paths';
import { Router, type Addresses } from '../../../client/src/app/router/router';
import { sceneAt } from '../../../client/src/app/scene';

/** A browser's history, as far as a router needs it. */
function history(first: string) {
  const entries = [first];
  let index = 0;
  const listeners = new Set<() => void>();
  const read = (): Address => {
    const [path = '/', hash = ''] = (entries[index] ?? '/').split('#', 2);
    return { path, hash };
  };
  const addresses: Addresses = {
    read,
    push: (href) => {
      entries.splice((index += 1), entries.length, href);
    },
    replace: (href) => {
      entries[index] = href;
    },
    onMove: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const back = (): void => {
    index -= 1;
    listeners.forEach((listener) => listener());
  };
  return { addresses, entries, back, listeners };
}

describe('C1 addresses', () => {
  it('C1 each place has one, and whatever is unknown is the landing', () => {
    for (const [place, path] of Object.entries(PLACES)) {
      expect(locationAt({ path, hash: '' })).toEqual({ place, hash: '' });
      expect(locationAt({ path: path === '/' ? path : `${path}/`, hash: '' }).place).toBe(place);
    }
    expect(locationAt({ path: '/nowhere', hash: 'register' })).toEqual({ place: 'home', hash: '' });
    expect(MENU.every((place) => hrefOf(place).startsWith('/'))).toBe(true);
  });

  it('A2 the secret of a reset link stands behind the #, where no server sees it', () => {
    expect(tokenIn('token=a-b_c')).toBe('a-b_c');
    expect(tokenIn('token=a%2Bb')).toBe('a+b');
    expect([tokenIn(''), tokenIn('token='), tokenIn('other=1')]).toEqual([null, null, null]);
  });
});

describe('C1 the router', () => {
  it('C1 begins where the address is, goes on, and back', () => {
    const { addresses, entries, back } = history('/account#register');
    const router = new Router(addresses);
    const seen: string[] = [];
    router.subscribe(() => seen.push(router.getLocation().place));
    expect(router.getLocation()).toEqual({ place: 'account', hash: 'register' });
    router.go('plans');
    expect(entries).toEqual(['/account#register', '/plans']);
    back();
    expect(router.getLocation()).toEqual({ place: 'account', hash: 'register' });
    expect(seen).toEqual(['plans', 'account']);
  });

  it('C1 adds no step for where one is already, and none when it replaces', () => {
    const { addresses, entries } = history('/account');
    const router = new Router(addresses);
    router.go('account');
    expect(entries).toEqual(['/account']);
    router.go('account', 'forgotten');
    router.replace('account');
    expect(entries).toEqual(['/account', '/account']);
  });

  it('C1 hears nothing any more once it is closed', () => {
    const { addresses, listeners } = history('/');
    const router = new Router(addresses);
    router.close();
    expect(listeners.size).toBe(0);
  });
});

describe('C1 pages and calls', () => {
  it('C1 a page takes nobody out of a search or a call, and needs no line', () => {
    expect(sceneAt('plans', { screen: 'landing' })).toEqual({ screen: 'page', place: 'plans' });
    expect(sceneAt('home', { screen: 'landing' })).toEqual({ screen: 'landing' });
    expect(sceneAt('plans', { screen: 'call' })).toEqual({ screen: 'call' });
    expect(sceneAt('plans', { screen: 'searching', view: { is: 'looking' } }).screen).toBe('searching');
    expect(sceneAt('privacy', { screen: 'plain', reason: 'full' })).toEqual({
      screen: 'page',
      place: 'privacy',
    });
    expect(sceneAt('privacy', { screen: 'plain', reason: 'protocolOutdated' }).screen).toBe('plain');
  });
});
