import type { MetricRegistry } from '../ports/metric-registry';
import type { LocalMediaNode } from './media-node';

const GAUGES = [
  ['workersAlive', 'passerby_media_workers_alive', 'Media workers running'],
  [
    'workersFailing',
    'passerby_media_workers_failing',
    'Media workers that die again and again, or did so lately',
  ],
  ['workerDeaths', 'passerby_media_worker_deaths', 'Media workers that died or could not be started again'],
  ['lines', 'passerby_lines', 'Lines on this node'],
  ['bridges', 'passerby_bridges', 'Bridges, and legs of bridges, on this node'],
  ['consumers', 'passerby_consumers', 'Consumers in bridges'],
  ['pipes', 'passerby_pipes', 'Producers piped between workers and nodes'],
] as const;

export function registerLineMetrics(metrics: MetricRegistry, media: Pick<LocalMediaNode, 'stats'>): void {
  for (const [figure, name, help] of GAUGES) metrics.gauge({ name, help }, () => media.stats()[figure]);
}
