import fc from 'fast-check';
import { CookieJar } from '../../../src/http/cookies';

const jar = new CookieJar(Buffer.alloc(32, 1));
const headerOf = (setCookie: string): string => setCookie.split(';', 1)[0] ?? '';

test('A1 an issued guest cookie is accepted, together with a log-in or alone', () => {
  const { session, cookie } = jar.newGuest(false);
  expect(jar.credentials(headerOf(cookie))).toEqual({ logIn: null, guest: session });
  const both = `other=1; ${headerOf(jar.logIn('token-123', false))}; ${headerOf(cookie)}`;
  expect(jar.credentials(both)).toEqual({ logIn: 'token-123', guest: session });
  expect(headerOf(jar.guest(session, true))).toBe(headerOf(cookie));
});

test.each([
  undefined,
  '',
  'passerby_guest=',
  'passerby_session=',
  'nonsense',
  '=;=;',
  'passerby_guest=%E0%A4%A',
])('A1 %p identifies no user', (header) => {
  expect(jar.credentials(header)).toEqual({ logIn: null, guest: null });
});

test('A1 a guest cookie that this server did not issue is never accepted', () => {
  const { session, cookie } = jar.newGuest(false);
  const value = headerOf(cookie).slice('passerby_guest='.length);
  const forged = [
    session,
    `${session}.`,
    `.${value.split('.')[1]}`,
    `${value}.x`,
    `${session}x.${value.split('.')[1]}`,
    headerOf(new CookieJar(Buffer.alloc(32, 2)).guest(session, false)).slice('passerby_guest='.length),
  ];
  for (const attempt of forged) {
    expect([attempt, jar.credentials(`passerby_guest=${attempt}`).guest]).toEqual([attempt, null]);
  }
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const attempt = encodeURIComponent(`${one}.${other}`);
      expect(jar.credentials(`passerby_guest=${attempt}`).guest).toBeNull();
    }),
  );
});

test('A1 cookies are out of the reach of scripts and other sites, and over TLS of anything else', () => {
  for (const secure of [false, true]) {
    const cookies = [
      jar.newGuest(secure).cookie,
      jar.logIn('t', secure),
      jar.expired('guest', secure),
      jar.expired('logIn', secure),
    ];
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(cookie).toMatch(/; Path=\/(;|$)/);
      expect(/; Secure/.test(cookie)).toBe(secure);
      expect(cookie).not.toMatch(/Domain/);
    }
  }
  expect(jar.logIn('t', true)).toContain('Max-Age=2592000');
  expect(jar.expired('logIn', true)).toMatch(/^passerby_session=; Max-Age=0/);
});

test('R6 the cookie of a device is renewed with the same mark, so that a ban of it does not end with the cookie', () => {
  const first = jar.device(undefined, false);
  const again = jar.device(headerOf(first.cookie), true);
  expect([first.isNew, again.isNew, again.mark]).toEqual([true, false, first.mark]);
  expect(headerOf(again.cookie)).toBe(headerOf(first.cookie));
  expect(again.cookie).toMatch(/Max-Age=15552000; .*Secure/);
  expect(jar.device('passerby_device=forged.signature', false).mark).not.toBe(first.mark);
});
