import type { MetricRegistry } from '../ports/metric-registry';
import type { LiveStats } from './live-stats';

/** The metrics count the peers of this gateway alone. */
export function registerPeerMetrics(metrics: MetricRegistry, liveStats: LiveStats): void {
  const gauge = (what: 'searching' | 'connected', help: string): void =>
    metrics.gauge({ name: `passerby_peers_${what}`, help }, () => liveStats.here()[what]);
  metrics.gauge({ name: 'passerby_peers_online', help: 'Peers with a socket' }, () => liveStats.users());
  gauge('searching', 'Peers searching');
  gauge('connected', 'Peers in a call');
}
