export interface Counter<Label extends string> {
  inc(labels: Readonly<Record<Label, string>>): void;
}

export interface Histogram<Label extends string> {
  observe(labels: Readonly<Record<Label, string>>, value: number): void;
}

/** What a metric is: its name in Prometheus' style, with its unit, and one sentence. */
export interface MetricDescription {
  readonly name: `passerby_${string}`;
  readonly help: string;
}

/**
 * Where each feature registers its own metrics, in a file `metrics.ts` of its folder. Labels never name a peer or a
 * call (O2).
 */
export interface MetricRegistry {
  /** `read` is called whenever the metrics are read. */
  gauge(metric: MetricDescription, read: () => number): void;
  counter<Label extends string>(
    metric: MetricDescription & { readonly labels: readonly Label[] },
  ): Counter<Label>;
  histogram<Label extends string>(
    metric: MetricDescription & { readonly labels: readonly Label[]; readonly buckets: readonly number[] },
  ): Histogram<Label>;
}
