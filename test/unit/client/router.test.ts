import { MENU, ROUTES, routes, tokenIn } from '../../../client/src/chat/navigation/routes';
import { screenAt } from '../../../client/src/chat/screens/app-screen';
import { Router, type AddressHistory } from '../../../client/src/ui/routing/router';
import { Routes, type Address } from '../../../client/src/ui/routing/routes';

/** A browser's history, as far as a router needs it. */
function history(first: string) {
  const entries = [first];
  let index = 0;
  const listeners = new Set<() => void>();
  const read = (): Address => {
    const [path = '/', hash = ''] = (entries[index] ?? '/').split('#', 2);
    return { path, hash };
  };
  const addresses: AddressHistory = {
    read,
    push: (href) => {
      entries.splice((index += 1), entries.length, href);
    },
    replace: (href) => {
      entries[index] = href;
    },
    onPopState: (listener) => {
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
  it('C1 each route has one, and an unknown one has a page of its own', () => {
    for (const [route, path] of Object.entries(ROUTES)) {
      expect(routes.locationAt({ path, hash: '' })).toEqual({ route, params: {}, hash: '' });
      expect(routes.locationAt({ path: path === '/' ? path : `${path}/`, hash: '' }).route).toBe(route);
    }
    for (const path of ['/nowhere', '/account/nowhere', '/plans/1/2', '/%']) {
      const unknown = routes.locationAt({ path, hash: 'register' });
      expect([path, unknown]).toEqual([path, { route: 'unknown', params: {}, hash: '' }]);
    }
    expect(MENU.every((route) => routes.hrefOf(route).startsWith('/'))).toBe(true);
  });

  it('A2 the secret of a reset link stands behind the #, where no server sees it', () => {
    expect(tokenIn('token=a-b_c')).toBe('a-b_c');
    expect(tokenIn('token=a%2Bb')).toBe('a+b');
    expect([tokenIn(''), tokenIn('token='), tokenIn('other=1')]).toEqual([null, null, null]);
  });
});

describe('C1 addresses with parameters', () => {
  const table = new Routes(
    {
      home: '/',
      session: '/sessions/:id',
      newSession: '/sessions/new',
      guest: '/sessions/:id/guests/:guest',
    },
    'home',
  );
  const at = (path: string, hash = '') => table.locationAt({ path, hash });

  it('C1 reads the parameters of a path, with or without a slash at its end', () => {
    expect(at('/sessions/42', 'notes')).toEqual({ route: 'session', params: { id: '42' }, hash: 'notes' });
    expect(at('/sessions/42/').params).toEqual({ id: '42' });
    expect(at('/sessions/42/guests/ann').params).toEqual({ id: '42', guest: 'ann' });
  });

  it('C1 prefers a fixed segment to a parameter, whatever the order of the table', () => {
    expect(at('/sessions/new').route).toBe('newSession');
    expect(at('/sessions/newer')).toMatchObject({ route: 'session', params: { id: 'newer' } });
  });

  it('C1 takes an address with too much, too little or a broken parameter for unknown', () => {
    for (const path of [
      '/sessions',
      '/sessions/',
      '/sessions/42/guests',
      '/sessions/42/guests/a/b',
      '/sessions/%',
    ]) {
      expect([path, at(path).route]).toEqual([path, 'home']);
    }
  });

  it('C1 writes what it reads, whatever characters a parameter has', () => {
    for (const id of ['42', 'a/b', 'ä ö?', '100%', '#', 'new ']) {
      const href = table.hrefOf('session', { params: { id }, hash: 'notes' });
      const [path = '', hash = ''] = href.split('#');
      expect(at(path, hash)).toEqual({ route: 'session', params: { id }, hash: 'notes' });
    }
    expect(table.hrefOf('guest', { params: { id: '1', guest: '2' } })).toBe('/sessions/1/guests/2');
  });

  it('C1 goes from one parameter to another, and not twice to the same', () => {
    const { addresses, entries } = history('/sessions/1');
    const router = new Router(table, addresses);
    router.go('session', { params: { id: '1' } });
    router.go('session', { params: { id: '2' } });
    router.go('session', { params: { id: '2' } });
    expect(entries).toEqual(['/sessions/1', '/sessions/2']);
    expect(router.getLocation()).toEqual({ route: 'session', params: { id: '2' }, hash: '' });
  });
});

describe('C1 the router', () => {
  it('C1 begins where the address is, goes on, and back', () => {
    const { addresses, entries, back } = history('/account#register');
    const router = new Router(routes, addresses);
    const seen: string[] = [];
    router.subscribe(() => seen.push(router.getLocation().route));
    expect(router.getLocation()).toEqual({ route: 'account', params: {}, hash: 'register' });
    router.go('plans');
    expect(entries).toEqual(['/account#register', '/plans']);
    back();
    expect(router.getLocation()).toEqual({ route: 'account', params: {}, hash: 'register' });
    expect(seen).toEqual(['plans', 'account']);
  });

  it('C1 adds no step for where one is already, and none when it replaces', () => {
    const { addresses, entries } = history('/account');
    const router = new Router(routes, addresses);
    router.go('account');
    expect(entries).toEqual(['/account']);
    router.go('account', { hash: 'forgotten' });
    router.replace('account');
    expect(entries).toEqual(['/account', '/account']);
  });

  it('C1 hears nothing any more once it is closed', () => {
    const { addresses, listeners } = history('/');
    const router = new Router(routes, addresses);
    router.close();
    expect(listeners.size).toBe(0);
  });
});

describe('C1 pages and calls', () => {
  it('C1 a page takes nobody out of a search or a call, and needs no line', () => {
    expect(screenAt('plans', { screen: 'landing' })).toEqual({ screen: 'page', route: 'plans' });
    expect(screenAt('home', { screen: 'landing' })).toEqual({ screen: 'landing' });
    expect(screenAt('plans', { screen: 'call' })).toEqual({ screen: 'call' });
    expect(screenAt('plans', { screen: 'searching', view: { is: 'looking' } }).screen).toBe('searching');
    expect(screenAt('privacy', { screen: 'disconnected', reason: 'full' })).toEqual({
      screen: 'page',
      route: 'privacy',
    });
    expect(screenAt('privacy', { screen: 'disconnected', reason: 'protocolOutdated' }).screen).toBe(
      'disconnected',
    );
  });
});
