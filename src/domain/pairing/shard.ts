import type { Mode } from '../../protocol';
import type { Ticket, TrustPool } from './ticket';

/**
 * Tickets are kept apart by mode, region and trust pool: two of different mode or trust pool never meet, and regions
 * keep the way of a call's media short (M9).
 */
export interface Shard {
  readonly mode: Mode;
  readonly region: string;
  readonly trustPool: TrustPool;
}

/** The shard's name in keys, metrics and logs: `video.local.standard`. */
export const shardName = (of: Shard): string => `${of.mode}.${of.region}.${of.trustPool}`;

export const shardOf = ({ mode, region, trustPool }: Ticket): Shard => ({ mode, region, trustPool });
