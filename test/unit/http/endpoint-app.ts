import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Identity } from '../../../src/app/accounts/identity';
import { OperatorTokenAuthenticator } from '../../../src/http/auth/operator-token';
import type { Authenticator } from '../../../src/http/auth/authenticator';
import { SessionCookieAuthenticator } from '../../../src/http/auth/session-cookies';
import { COOKIES, CookieJar } from '../../../src/http/cookies';
import { answerErrors, notFound } from '../../../src/http/errors';
import type { Handlers } from '../../../src/http/routing/context';
import { endpointRouter } from '../../../src/http/routing/router';
import type { EndpointTable } from '../../../src/protocol';

export const OPERATOR_TOKEN = 'operator-token-for-tests';
const jar = new CookieJar(Buffer.alloc(32, 1));

const identity: Identity = {
  userId: 'guest_1',
  name: 'CoolPanda1234',
  isAnonymous: true,
  ageBand: null,
  blocked: [],
  logInId: null,
  guestSession: 'session',
};
const account: Identity = {
  ...identity,
  userId: 'user_1',
  isAnonymous: false,
  logInId: 'l',
  guestSession: null,
};

/** The headers that identify each kind of caller. */
export const CALLERS = {
  anyone: {},
  user: { cookie: cookieOf(jar.guest('session', false)) },
  account: { cookie: `${COOKIES.logIn}=token` },
  operator: { authorization: `Bearer ${OPERATOR_TOKEN}` },
} as const;

function cookieOf(setCookie: string): string {
  return setCookie.split(';', 1)[0] ?? '';
}

/** How often a user was looked up by cookies. */
export const lookUps = { count: 0 };

const sessions = new SessionCookieAuthenticator(
  {
    identify: ({ logIn, guest }) => {
      lookUps.count += 1;
      return Promise.resolve(logIn === 'token' ? account : guest === null ? null : identity);
    },
  },
  jar,
);

/** An HTTP server that serves a table by its own rules, and nothing else. */
export async function serveTable<T extends EndpointTable<keyof T>>(
  table: T,
  handlers: Handlers<T>,
  further: readonly Authenticator[] = [],
) {
  const errors: unknown[] = [];
  const app = express();
  app.use(
    endpointRouter(table, handlers, {
      authenticators: [sessions, new OperatorTokenAuthenticator(OPERATOR_TOKEN), ...further],
      jar,
      addresses: { hash: () => ({ address: 'a', subnet: 's' }) },
      allowedOrigins: [],
    }),
  );
  app.use(notFound);
  app.use(answerErrors((error) => errors.push(error)));
  const http = createServer(app);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url,
    /** Errors of the server itself that were caught. */
    errors,
    ask: async (
      method: string,
      path: string,
      init: { headers?: Record<string, string>; body?: string } = {},
    ) => {
      const response = await fetch(url + path, { method, ...init });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, code: codeIn(text) };
    },
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export type TableServer = Awaited<ReturnType<typeof serveTable>>;

/** The code of an error; undefined: the answer is none. */
function codeIn(text: string): string | undefined {
  return /^\{"error":\{"code":"(\w+)"/.exec(text)?.[1];
}
