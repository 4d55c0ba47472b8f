import type { Calls } from '../app/calls/calls';
import { registerCallMetrics } from '../app/calls/metrics';
import type { Membership } from '../app/cluster/membership';
import { registerClusterMetrics } from '../app/cluster/metrics';
import type { LocalMediaNode } from '../app/lines/media-node';
import { registerLineMetrics } from '../app/lines/metrics';
import type { BillingDesk } from '../app/plans/billing-desk';
import { registerPlanMetrics } from '../app/plans/metrics';
import type { LiveStats } from '../app/peers/live-stats';
import { registerPeerMetrics } from '../app/peers/metrics';
import type { ProviderWatch } from '../app/plans/provider-watch';
import type { MailHealth } from '../app/ports/mail-health';
import type { MetricRegistry } from '../app/ports/metric-registry';
import type { RecordsHealth } from '../app/ports/records-health';
import { registerMailMetrics } from '../mail/metrics';
import { registerRecordMetrics } from '../records/metrics';

export interface MetricSources {
  readonly calls: Calls;
  readonly membership: Membership;
  readonly media: LocalMediaNode;
  readonly liveStats: LiveStats;
  readonly records: { health(): RecordsHealth };
  readonly mailer: { health(): MailHealth };
  readonly providerWatch: ProviderWatch | null;
  /** Null where no plans are sold. */
  readonly billingDesk: BillingDesk | null;
}

/** Each feature registers its metrics; sockets are registered by the gateway. */
export function wireMetrics(
  metrics: MetricRegistry,
  { calls, membership, media, liveStats, records, mailer, providerWatch, billingDesk }: MetricSources,
): void {
  registerPeerMetrics(metrics, liveStats);
  registerCallMetrics(metrics, calls);
  registerLineMetrics(metrics, media);
  registerClusterMetrics(metrics, membership);
  registerRecordMetrics(metrics, records);
  registerMailMetrics(metrics, mailer);
  registerPlanMetrics(metrics, billingDesk, providerWatch);
}
