import type { MetricRegistry } from '../ports/metric-registry';
import type { Membership } from './membership';

export function registerClusterMetrics(metrics: MetricRegistry, membership: Membership): void {
  metrics.gauge(
    { name: 'passerby_nodes', help: 'Nodes that this one hears, itself included' },
    () => membership.all().length,
  );
}
