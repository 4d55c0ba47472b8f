import { deviceStorage, tabStorage } from '../../../client/src/storage/browser-storage';

const NAMES = ['localStorage', 'sessionStorage'] as const;
const before = NAMES.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
afterEach(() =>
  NAMES.forEach((name, index) => {
    const descriptor = before[index];
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }),
);

const install = (get: () => unknown): void =>
  NAMES.forEach((name) => Object.defineProperty(globalThis, name, { get, configurable: true }));

describe.each([
  ['deviceStorage', deviceStorage],
  ['tabStorage', tabStorage],
] as const)('C3 %s', (_name, storage) => {
  it('C3 reads what it has written, under a name of this product, and removes it', () => {
    const stored = new Map<string, string>();
    install(() => ({
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    }));
    expect(storage.read('tea')).toBeNull();
    expect(storage.write('tea', 'green')).toBe(true);
    expect([storage.read('tea'), stored.get('passerby.tea')]).toEqual(['green', 'green']);
    expect(storage.write('tea', null)).toBe(true);
    expect(storage.read('tea')).toBeNull();
  });

  it('C3 neither reads nor throws where site data is blocked', () => {
    install(() => {
      throw new DOMException('Access is denied', 'SecurityError');
    });
    expect(storage.read('tea')).toBeNull();
    expect(storage.write('tea', 'green')).toBe(false);
    expect(storage.write('tea', null)).toBe(false);
  });

  it('C3 leaves no outdated value behind where there is no room for the new one', () => {
    const stored = new Map([['passerby.tea', 'old']]);
    install(() => ({
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: () => {
        throw new DOMException('The quota is exceeded', 'QuotaExceededError');
      },
      removeItem: (key: string) => stored.delete(key),
    }));
    expect(storage.write('tea', 'green')).toBe(false);
    expect(storage.read('tea')).toBeNull();
  });
});
