import path from 'node:path';
import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { AddressHasher } from '../app/ports/address-hasher';
import { originReader } from './addresses';
import { OperatorTokenAuthenticator } from './auth/operator-token';
import { SessionCookieAuthenticator } from './auth/session-cookies';
import { clientRoutes } from './client';
import type { CookieJar } from './cookies';
import { ENDPOINTS } from './endpoints';
import { answerErrors, notFound } from './errors';
import type { ForwardingMonitor } from './forwarding-monitor';
import { apiHandlers, programHandlers, type ApiSources, type ProgramSources } from './handlers';
import { endpointRouter } from './routing/router';

export interface HttpOptions extends ApiSources, Omit<ProgramSources, 'plans'> {
  readonly jar: CookieJar;
  readonly addresses: AddressHasher;
  /** Origins whose pages may change something, besides those served from here. */
  readonly allowedOrigins: readonly string[];
  readonly clientDir: string;
  readonly trustedProxies: readonly string[];
  readonly operatorToken: string;
  readonly forwarding: ForwardingMonitor;
  /** Takes an error of the server itself. */
  readonly reportError: (error: unknown, message: string) => void;
}

/** The product over HTTP: every endpoint of the table, and the client's files. */
export function createHttpApp(options: HttpOptions): Express {
  const app = express();
  app.set('trust proxy', [...options.trustedProxies]);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.use(options.forwarding.middleware(originReader(app)));
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          // React sets positions and sizes that are known only while running through style attributes.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'blob:', 'mediastream:'],
          connectSrc: ["'self'"],
          fontSrc: ["'self'", 'data:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      // The proxy that ends TLS decides whether everything has to come over TLS, not a server on localhost.
      strictTransportSecurity: false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use((_request, response, next) => {
    response.setHeader(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
    );
    next();
  });
  app.use(compression());
  app.use(
    endpointRouter(
      ENDPOINTS,
      { ...apiHandlers(options), ...programHandlers(options) },
      { ...options, authenticators: authenticators(options) },
    ),
  );
  app.use(clientRoutes(path.resolve(options.clientDir)));
  app.use(notFound);
  app.use(answerErrors(options.reportError));
  return app;
}

/** The kinds of credentials. A further kind of caller is one more entry. */
const authenticators = ({ accounts, jar, operatorToken }: HttpOptions) => [
  new SessionCookieAuthenticator(accounts.identities, jar),
  new OperatorTokenAuthenticator(operatorToken),
];
