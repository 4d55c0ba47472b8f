import type { MetricRegistry } from '../app/ports/metric-registry';

export function registerSignalingMetrics(
  metrics: MetricRegistry,
  gateway: { readonly sockets: number },
): void {
  metrics.gauge({ name: 'passerby_sockets', help: 'Open sockets' }, () => gateway.sockets);
}
