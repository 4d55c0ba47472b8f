import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import { LOG_IN_LIFE_MS } from '../app/accounts/identities';
import type { Credentials } from '../app/accounts/identity';

export const COOKIES = {
  logIn: 'passerby_session',
  guest: 'passerby_guest',
  device: 'passerby_device',
} as const;

/** As long as a log-in lives after its last use. The server decides when it is over; the cookie only follows. */
const LOG_IN_SECONDS = LOG_IN_LIFE_MS / 1000;
/** As long as anything is kept of a guest. */
const GUEST_SECONDS = 24 * 3600;
/** After its last use: each upgrade renews the cookie, so a ban for good ends only where nobody comes for so long. */
const DEVICE_SECONDS = 180 * 24 * 3600;
/** A longer value was not set by this server. */
const MOST_CHARS = 200;

/**
 * The cookies that identify a browser. No script can read them, pages of other sites can send them only with a link,
 * and cookies that were set over TLS are sent over TLS alone.
 */
export class CookieJar {
  /** `key`: 32 bytes that sign guests' sessions. */
  constructor(private readonly key: Buffer) {}

  /** The credentials in a raw `Cookie` header. A guest's session counts only with the signature of this server. */
  credentials(header: string | undefined): Credentials {
    const cookies = parseCookie(header ?? '');
    return {
      logIn: plausible(cookies[COOKIES.logIn]),
      guest: this.signedIn('guest', plausible(cookies[COOKIES.guest])),
    };
  }

  /**
   * The mark of the device that a raw `Cookie` header shows, or of a new one, and the `Set-Cookie` that gives it to the
   * browser, or keeps it there. A browser that drops the cookie of its guest, or logs in to another account, has the same
   * mark.
   */
  device(
    header: string | undefined,
    secure: boolean,
  ): { readonly mark: string; readonly cookie: string; readonly isNew: boolean } {
    const known = this.signedIn('device', plausible(parseCookie(header ?? '')[COOKIES.device]));
    const id = known ?? randomBytes(24).toString('base64url');
    const value = `${id}.${this.signature('device', id)}`;
    const cookie = setCookie(COOKIES.device, value, DEVICE_SECONDS, secure);
    return { mark: this.markOf(id), cookie, isNew: known === null };
  }

  /** A new guest's session, and the `Set-Cookie` that gives it to a browser. */
  newGuest(secure: boolean): { readonly session: string; readonly cookie: string } {
    const session = randomBytes(24).toString('base64url');
    return { session, cookie: this.guest(session, secure) };
  }

  /** `Set-Cookie` that keeps a guest's session for another day. */
  guest(session: string, secure: boolean): string {
    return setCookie(COOKIES.guest, `${session}.${this.signature('guest', session)}`, GUEST_SECONDS, secure);
  }

  /** `Set-Cookie` for a log-in's token. */
  logIn(token: string, secure: boolean): string {
    return setCookie(COOKIES.logIn, token, LOG_IN_SECONDS, secure);
  }

  /** `Set-Cookie` that makes the browser forget the cookie. */
  expired(name: keyof typeof COOKIES, secure: boolean): string {
    return setCookie(COOKIES[name], '', 0, secure);
  }

  private signedIn(kind: 'guest' | 'device', value: string | null): string | null {
    const [session, signature, ...rest] = value?.split('.') ?? [];
    if (session === undefined || session === '' || signature === undefined || rest.length > 0) return null;
    const [given, right] = [Buffer.from(signature), Buffer.from(this.signature(kind, session))];
    return given.length === right.length && timingSafeEqual(given, right) ? session : null;
  }

  private signature(kind: 'guest' | 'device', id: string): string {
    return createHmac('sha256', this.key).update(`${kind} ${id}`).digest('base64url');
  }

  /** What is kept of a device: who reads the records cannot make its cookie. */
  private markOf(id: string): string {
    return createHmac('sha256', this.key).update(`device mark ${id}`).digest('base64url');
  }
}

const plausible = (value: string | undefined): string | null =>
  value === undefined || value === '' || value.length > MOST_CHARS ? null : value;

const setCookie = (name: string, value: string, maxAge: number, secure: boolean): string =>
  stringifySetCookie({ name, value, maxAge, secure, httpOnly: true, sameSite: 'lax', path: '/' });
