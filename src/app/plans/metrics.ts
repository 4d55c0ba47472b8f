import type { EventSource } from '../ports/event-emitter';
import type { MetricRegistry } from '../ports/metric-registry';
import type { BillingDeskEvents } from './billing-desk';

export function registerPlanMetrics(
  metrics: MetricRegistry,
  desk: EventSource<BillingDeskEvents> | null,
): void {
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
  desk.on({ looked: (outcome) => looked.inc({ outcome }), refused: () => refused.inc({}) });
}
