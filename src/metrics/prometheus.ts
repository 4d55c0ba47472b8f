import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type {
  Counter as CounterPort,
  Histogram as HistogramPort,
  MetricDescription,
  MetricRegistry,
} from '../app/ports/metric-registry';

/** Metrics in Prometheus' text format, including those of the Node.js process. */
export class PrometheusMetrics implements MetricRegistry {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  gauge({ name, help }: MetricDescription, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  counter<Label extends string>({
    name,
    help,
    labels,
  }: MetricDescription & { readonly labels: readonly Label[] }): CounterPort<Label> {
    const counter = new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
    return { inc: (values) => counter.inc({ ...values }) };
  }

  histogram<Label extends string>({
    name,
    help,
    labels,
    buckets,
  }: MetricDescription & {
    readonly labels: readonly Label[];
    readonly buckets: readonly number[];
  }): HistogramPort<Label> {
    const histogram = new Histogram({
      name,
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers: [this.registry],
    });
    return { observe: (values, value) => histogram.observe({ ...values }, value) };
  }

  async render(): Promise<{ type: string; body: string }> {
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }
}
