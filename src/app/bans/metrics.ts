import type { MetricRegistry } from '../ports/metric-registry';
import type { Bans } from './bans';

export function registerBanMetrics(metrics: MetricRegistry, bans: Pick<Bans, 'size'>): void {
  metrics.gauge(
    {
      name: 'passerby_bans',
      help: 'Bans that hold and are in memory (all of them, up to 50000), those after reports included',
    },
    () => bans.size,
  );
}
