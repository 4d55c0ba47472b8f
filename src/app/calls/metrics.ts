import type { MetricRegistry } from '../ports/metric-registry';
import type { Calls } from './calls';

const WAIT_BUCKETS_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300];

export function registerCallMetrics(metrics: MetricRegistry, calls: Calls): void {
  metrics.gauge({ name: 'passerby_calls', help: 'Calls that this node owns' }, () => calls.size);
  const matches = metrics.counter({
    name: 'passerby_matches_total',
    help: 'Pairs brought together',
    labels: ['mode'],
  });
  const wait = metrics.histogram({
    name: 'passerby_match_wait_seconds',
    help: 'How long a peer had waited when they were matched',
    labels: ['mode'],
    buckets: WAIT_BUCKETS_SECONDS,
  });
  const ended = metrics.counter({
    name: 'passerby_calls_ended_total',
    help: 'Calls ended, by reason',
    labels: ['reason'],
  });
  calls.on({
    opened: ({ mode, matched, participants }) => {
      matches.inc({ mode });
      for (const { since } of participants)
        wait.observe({ mode }, Math.max(0, matched.elapsed - since) / 1000);
    },
    ended: (_call, reason) => ended.inc({ reason }),
  });
}
