import type { MetricRegistry } from '../app/ports/metric-registry';
import type { RecordsHealth } from '../app/ports/records-health';

const GAUGES = [
  ['spooled', 'Changes that wait on disk for the record store'],
  ['buffered', 'Changes that neither store nor disk took yet'],
  ['lost', 'Changes given up since the start: an alarm'],
  ['rejected', 'Changes the store can never take: an alarm'],
] as const;

export function registerRecordMetrics(metrics: MetricRegistry, records: { health(): RecordsHealth }): void {
  const up = { name: 'passerby_records_up', help: 'Whether the record store can be reached' } as const;
  metrics.gauge(up, () => (records.health().store === 'up' ? 1 : 0));
  const disk = {
    name: 'passerby_disk_up',
    help: 'Whether the disk with the data folder takes writes: 0 is an alarm',
  } as const;
  metrics.gauge(disk, () => (records.health().disk === 'up' ? 1 : 0));
  const oldest = {
    name: 'passerby_records_oldest_seconds',
    help: 'How long the oldest change has waited that neither store nor disk has taken: an alarm from 5 s on',
  } as const;
  metrics.gauge(oldest, () => records.health().oldestMs / 1000);
  for (const [what, help] of GAUGES) {
    metrics.gauge({ name: `passerby_records_${what}`, help }, () => records.health()[what]);
  }
}
