/// <reference lib="dom" />
import { setTimeout as sleep } from 'node:timers/promises';
import { claimTab, type TabClaim } from '../../../client/src/storage/tab-claim';

type Stored = Map<string, string>;

const GLOBALS = ['window', 'navigator', 'sessionStorage', 'localStorage', 'BroadcastChannel'] as const;
const before = GLOBALS.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
const put = (name: (typeof GLOBALS)[number], value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
};

const storageOf = (stored: Stored, changed: (key: string, value: string) => void = () => undefined) => ({
  get length() {
    return stored.size;
  },
  key: (at: number) => [...stored.keys()][at] ?? null,
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => {
    stored.set(key, value);
    changed(key, value);
  },
  removeItem: (key: string) => stored.delete(key),
});

/** Locks as a browser has them: one holder for each name, waiting requests that can be aborted. */
function browserLocks() {
  const held = new Set<string>();
  return {
    request: async (name: string, { signal }: { signal: AbortSignal }, granted: () => Promise<void>) => {
      while (held.has(name)) {
        if (signal.aborted) throw new Error('aborted');
        await sleep(5);
      }
      held.add(name);
      await granted();
      held.delete(name);
    },
  };
}

/** A browser with tabs. One runs at a time, as long as the claims only begin with what the tab has stored. */
function browser(kind: 'locks' | 'channel' | 'storage events') {
  const locks = browserLocks();
  const windows: EventTarget[] = [];
  const shared: Stored = new Map();
  const claims: TabClaim[] = [];
  const open = (stored: Stored): TabClaim => {
    const self = new EventTarget();
    windows.push(self);
    // Really to the others alone. A tab ignores what it has said itself.
    const toAll = (key: string, newValue: string): void => {
      for (const one of windows) {
        setTimeout(() => one.dispatchEvent(Object.assign(new Event('storage'), { key, newValue })));
      }
    };
    put('window', {
      addEventListener: self.addEventListener.bind(self),
      removeEventListener: self.removeEventListener.bind(self),
      setTimeout: (task: () => void, ms: number) => setTimeout(task, ms),
      clearTimeout: (timer: ReturnType<typeof setTimeout>) => clearTimeout(timer),
    });
    put('navigator', kind === 'locks' ? { locks } : {});
    put('sessionStorage', storageOf(stored));
    put('localStorage', storageOf(shared, toAll));
    if (kind === 'storage events') put('BroadcastChannel', undefined);
    const claim = claimTab();
    claims.push(claim);
    return claim;
  };
  return { open, close: () => claims.forEach((claim) => claim.release()) };
}

afterEach(() => {
  for (const [name, descriptor] of before) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
});

describe.each(['locks', 'channel', 'storage events'] as const)('S4 tabs that use %s', (kind) => {
  test('S4 a duplicated tab is a copy and forgets what it has copied; the first tab keeps it', async () => {
    const { open, close } = browser(kind);
    const first: Stored = new Map([['passerby.resume', 'token'], ['other', 'not ours']]); // prettier-ignore
    expect(await open(first).isCopy).toBe(false);
    const second: Stored = new Map(first);
    expect(await open(second).isCopy).toBe(true);
    expect(first.get('passerby.resume')).toBe('token');
    expect([second.get('passerby.resume'), second.get('other')]).toEqual([undefined, 'not ours']);
    expect(second.get('passerby.tab')).not.toBe(first.get('passerby.tab'));
    // A copy of the copy is the third.
    const third: Stored = new Map(second);
    expect(await open(third).isCopy).toBe(true);
    expect(new Set([first, second, third].map((stored) => stored.get('passerby.tab'))).size).toBe(3);
    close();
  });

  test('S4 a page that is loaded again is the same tab, also when its former document goes late', async () => {
    const { open, close } = browser(kind);
    const stored: Stored = new Map();
    const claim = open(stored);
    expect(claim.isCopy).toBe(false);
    stored.set('passerby.resume', 'token');
    if (kind === 'locks') setTimeout(() => claim.release(), 100);
    else claim.release();
    expect(await open(stored).isCopy).toBe(false);
    expect(stored.get('passerby.resume')).toBe('token');
    close();
  });

  test('S4 of two restored tabs with one storage exactly one has it', async () => {
    const { open, close } = browser(kind);
    const stored: Stored = new Map([['passerby.tab', 'old'], ['passerby.resume', 'token']]); // prettier-ignore
    const [one, other]: [Stored, Stored] = [new Map(stored), new Map(stored)];
    const claims = [open(one)];
    // Each tab has a storage of its own, which the doubles can show to one at a time.
    if (kind === 'locks') await claims[0]?.isCopy;
    claims.push(open(other));
    const copies = await Promise.all(claims.map(async ({ isCopy }) => await isCopy));
    expect(copies.filter(Boolean)).toHaveLength(1);
    close();
  });
});

test('S4 a browser without storage has nothing that could be a copy', () => {
  put('sessionStorage', undefined);
  put('navigator', {});
  put('BroadcastChannel', undefined);
  put('window', {
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    setTimeout,
    clearTimeout,
  });
  const claim = claimTab();
  expect(claim.isCopy).toBe(false);
  claim.release();
});
