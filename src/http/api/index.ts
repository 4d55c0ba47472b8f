import { Router } from 'express';
import type { Accounts } from '../../app/accounts';
import type { Privacy } from '../../app/privacy';
import type { AddressHasher } from '../../app/ports/address-hasher';
import type { PlanState } from '../../protocol';
import type { CookieJar } from '../cookies';
import { accountHandlers } from './account';
import { blockHandlers } from './blocks';
import { deviceHandlers } from './devices';
import type { PlanHandlers } from './handlers';
import { meHandlers } from './me';
import { openApiRoutes } from './openapi';
import { privacyHandlers } from './privacy';
import { apiRouter } from './router';

export interface ApiOptions {
  readonly accounts: Accounts;
  readonly privacy: Privacy;
  readonly planOf: (userId: string) => Promise<PlanState>;
  readonly plans: PlanHandlers;
  readonly jar: CookieJar;
  readonly addresses: AddressHasher;
  /** Origins whose pages may change something, besides those served from here. */
  readonly allowedOrigins: readonly string[];
}

/** People's HTTP API and its description. To be mounted at the root. */
export function apiRoutes(options: ApiOptions): Router {
  const { accounts, privacy, plans } = options;
  const router = Router();
  router.use('/api/openapi.json', openApiRoutes());
  router.use(
    apiRouter({
      ...options,
      identities: accounts.identities,
      handlers: {
        ...meHandlers(options),
        ...accountHandlers(options),
        ...blockHandlers(accounts),
        ...deviceHandlers(accounts),
        ...privacyHandlers(privacy),
        ...plans,
      },
    }),
  );
  return router;
}

export type { PlanHandlers } from './handlers';
