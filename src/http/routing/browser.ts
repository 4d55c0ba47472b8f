import type { Request, Response } from 'express';
import type { Visit } from '../../app/accounts';
import type { AddressHasher } from '../../app/ports/address-hasher';
import { keptUserAgent } from '../../domain/users';
import { originReader } from '../addresses';
import type { CookieJar } from '../cookies';
import type { CookieChanges } from './context';

/** Where a request comes from and with which browser, as far as it may be kept. */
export const clientOf = (request: Request, addresses: AddressHasher): Visit => ({
  addressHashes: addresses.hash(originReader(request.app)(request).household),
  userAgent: keptUserAgent(request.headers['user-agent'] ?? ''),
  languages: (request.headers['accept-language'] ?? '').slice(0, 200),
});

export function cookieChanges(jar: CookieJar, request: Request, response: Response): CookieChanges {
  const set = (cookie: string): void => void response.append('Set-Cookie', cookie);
  return {
    logIn: (token) => set(jar.logIn(token, request.secure)),
    guest: (session) => set(jar.guest(session, request.secure)),
    forget: (...names) => names.forEach((name) => set(jar.expired(name, request.secure))),
  };
}
