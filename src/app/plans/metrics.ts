import type { EventSource } from '../ports/event-emitter';
import type { MetricRegistry } from '../ports/metric-registry';
import type { BillingDeskEvents } from './billing-desk';
import type { ProviderWatch } from './provider-watch';

export function registerPlanMetrics(
  metrics: MetricRegistry,
  desk: EventSource<BillingDeskEvents> | null,
  watch: Pick<ProviderWatch, 'isAway'> | null,
): void {
  if (watch !== null) {
    const up = { name: 'passerby_billing_up', help: 'Whether the payment provider answers' } as const;
    metrics.gauge(up, () => (watch.isAway ? 0 : 1));
  }
  if (desk === null) return;
  const looked = metrics.counter({
    name: 'passerby_billing_looks_total',
    help: 'Subscriptions looked at with the payment provider, by outcome; unknownPrice is an alarm',
    labels: ['outcome'],
  });
  const refused = metrics.counter({
    name: 'passerby_billing_events_refused_total',
    help: 'Events refused for their signature, time or form; many are an alarm: STRIPE_WEBHOOK_SECRET may be wrong',
    labels: [],
  });
  const missed = metrics.counter({
    name: 'passerby_billing_events_missed_total',
    help: 'Changes at the payment provider that no event had said: an alarm, its webhook may be off',
    labels: [],
  });
  desk.on({
    looked: (outcome) => looked.inc({ outcome }),
    refused: () => refused.inc({}),
    missed: () => missed.inc({}),
  });
}
