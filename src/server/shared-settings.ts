import { createHash } from 'node:crypto';
import { version } from '../../package.json';
import type { SharedSettings } from '../domain/shared-settings';
import type { Config } from '../config';

/**
 * Marks of what all nodes of an installation need alike. `secretMark` is derived from the secret and reveals nothing of
 * it. Versions differ for a while whenever nodes are replaced one by one.
 */
export function sharedSettings(
  { accounts, billing, http, matchmaking, records }: Config,
  secretMark: string,
): SharedSettings {
  return {
    version,
    SECRET: secretMark,
    // The same database may be written in several ways, so only whether there is one is compared.
    MONGODB_URI: markOf(records.mongodbUri !== undefined),
    MINIMUM_AGE: markOf(accounts.minimumAge),
    PLANS_FILE: markOf(billing.plans),
    STRIPE_SECRET_KEY: markOf(billing.stripe !== undefined),
    MATCH_STEPS: markOf(matchmaking.steps),
    SKIP_BURST: markOf(matchmaking.skips.burst),
    SKIPS_PER_MINUTE: markOf(matchmaking.skips.perSecond),
    // By default it names this node's own port.
    ...(http.publicUrl.startsWith('http://localhost:') ? {} : { PUBLIC_URL: markOf(http.publicUrl) }),
  };
}

const markOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 8);
