import path from 'node:path';
import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { BillingDesk } from '../app/plans/billing-desk';
import type { Plans } from '../app/plans/plans';
import { apiRoutes, type ApiOptions } from './api';
import { clientRoutes } from './client';
import { answerErrors, notFound } from './errors';
import { grantRoutes } from './grants';
import { metricsRoutes } from './metrics';
import { operatorOnly } from './operator';
import { videochatRoutes, type VideochatSources } from './videochat';
import { webhookRoutes } from './webhook';

export interface HttpOptions extends VideochatSources, Omit<ApiOptions, 'plans'> {
  readonly planHandlers: ApiOptions['plans'];
  readonly plans: Plans;
  readonly billingDesk: BillingDesk | null;
  readonly clientDir: string;
  readonly trustedProxies: readonly string[];
  readonly operatorToken: string;
  /** An error of ours that was caught. */
  readonly reportError: (error: unknown, words: string) => void;
  readonly renderMetrics: () => Promise<{ type: string; body: string }>;
}

/** The product's HTTP face: people's API, the billing provider's events, the operators' endpoints, the client's files. */
export function createHttpApp(options: HttpOptions): Express {
  const app = express();
  app.set('trust proxy', [...options.trustedProxies]);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
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
      // Whether everything is to come over TLS is the word of whoever ends TLS, not of a server on localhost.
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
  const operator = operatorOnly(options.operatorToken);
  app.use('/api/billing/stripe', webhookRoutes(options.billingDesk));
  app.use(apiRoutes({ ...options, plans: options.planHandlers }));
  app.use('/videochat/plans', grantRoutes(options.plans, operator));
  app.use('/videochat', videochatRoutes(options, operator));
  app.use('/metrics', metricsRoutes(options.renderMetrics, operator));
  app.use(clientRoutes(path.resolve(options.clientDir)));
  app.use(notFound);
  app.use(answerErrors(options.reportError));
  return app;
}
