import type { MetricRegistry } from '../app/ports/metric-registry';
import type { ForwardingMonitor } from './forwarding-monitor';

export function registerHttpMetrics(
  metrics: MetricRegistry,
  forwarding: Pick<ForwardingMonitor, 'counts'>,
): void {
  metrics.gauge(
    {
      name: 'passerby_requests_via_untrusted_proxy',
      help: 'Requests since the start that named a client but came from no trusted proxy',
    },
    () => forwarding.counts.untrusted,
  );
  metrics.gauge(
    {
      name: 'passerby_requests_with_unreadable_forwarding',
      help: 'Requests since the start for which a trusted proxy named no address that could be read',
    },
    () => forwarding.counts.unreadable,
  );
}
