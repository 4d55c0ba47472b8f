import type { Accounts } from '../../app/accounts';
import type { BillingDesk } from '../../app/plans/billing-desk';
import type { Plans } from '../../app/plans/plans';
import type { Privacy } from '../../app/privacy';
import type { API } from '../../protocol';
import type { NODE_API } from '../endpoints/node-endpoints';
import { openApiDocument } from '../endpoints/openapi';
import type { Handlers } from '../routing/context';
import { accountHandlers } from './account';
import type { BanDesk } from '../../app/bans/ban-desk';
import { banHandlers } from './bans';
import { billingHandlers } from './billing';
import { blockHandlers } from './blocks';
import { deviceHandlers } from './devices';
import { meHandlers } from './me';
import { metricsHandlers } from './metrics';
import { nodeHandlers, type NodeSources } from './node';
import { grantHandlers, planHandlers } from './plans';
import { privacyHandlers } from './privacy';

export interface ApiSources {
  readonly accounts: Accounts;
  readonly privacy: Privacy;
  readonly plans: Plans;
}

/** The handlers of what the product's pages call. */
export const apiHandlers = (sources: ApiSources): Handlers<typeof API> => ({
  ...meHandlers(sources),
  ...accountHandlers(sources),
  ...blockHandlers(sources.accounts),
  ...deviceHandlers(sources.accounts),
  ...planHandlers(sources.plans, sources.accounts),
  ...privacyHandlers(sources.privacy),
});

export interface ProgramSources extends NodeSources {
  readonly plans: Pick<Plans, 'grant'>;
  readonly banDesk: BanDesk;
  /** Null: no billing provider is set up. */
  readonly billingDesk: BillingDesk | null;
  readonly renderMetrics: () => Promise<{ type: string; body: string }>;
}

/** The handlers of what programs call. */
export function programHandlers(sources: ProgramSources): Handlers<typeof NODE_API> {
  const document = openApiDocument();
  return {
    ...nodeHandlers(sources),
    ...grantHandlers(sources.plans),
    ...banHandlers(sources.banDesk),
    ...metricsHandlers(sources.renderMetrics),
    ...billingHandlers(sources.billingDesk),
    openApi: () => document,
  };
}
