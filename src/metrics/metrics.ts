import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Calls } from '../app/calls/calls';
import type { Stats } from '../protocol';
import type { RecordsHealth } from '../app/ports/records-health';
import type { MediaStats } from '../app/lines/media-plane';

export interface MetricsSources {
  readonly stats: () => Stats;
  readonly media: () => MediaStats;
  readonly records: () => RecordsHealth;
  readonly calls: () => number;
  readonly sockets: () => number;
  readonly nodes: () => number;
}

/** What Prometheus reads: never a label with a person or a call in it (O2). */
export class Metrics {
  private readonly registry = new Registry();
  private readonly matches = new Counter({
    name: 'passerby_matches_total',
    help: 'Pairs brought together',
    labelNames: ['mode'],
    registers: [this.registry],
  });
  private readonly wait = new Histogram({
    name: 'passerby_match_wait_seconds',
    help: 'How long a person had waited when they were matched',
    labelNames: ['mode'],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300],
    registers: [this.registry],
  });
  private readonly callsEnded = new Counter({
    name: 'passerby_calls_ended_total',
    help: 'Calls ended, by reason',
    labelNames: ['reason'],
    registers: [this.registry],
  });
  readonly faults = new Counter({
    name: 'passerby_faults_total',
    help: 'Errors of our own that were caught and logged',
    registers: [this.registry],
  });

  constructor(sources: MetricsSources) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('passerby_sockets', 'Open sockets', sources.sockets);
    this.gauge('passerby_nodes', 'Nodes that this one hears, itself included', sources.nodes);
    this.gauge('passerby_people_online', 'People with a socket', () => sources.stats().online);
    this.gauge('passerby_people_searching', 'People searching', () => sources.stats().searching);
    this.gauge('passerby_people_connected', 'People in a call', () => sources.stats().connected);
    this.gauge('passerby_calls', 'Calls going on', sources.calls);
    this.gauge('passerby_media_workers_alive', 'Media workers running', () => sources.media().workersAlive);
    this.gauge('passerby_media_worker_deaths', 'Media workers that died', () => sources.media().workerDeaths);
    this.gauge('passerby_lines', 'Lines of people', () => sources.media().lines);
    this.gauge('passerby_consumers', 'Consumers in calls', () => sources.media().consumers);
    const { records } = sources;
    this.gauge('passerby_records_up', 'Whether the record store can be reached', () =>
      records().store === 'up' ? 1 : 0,
    );
    this.gauge(
      'passerby_records_spooled',
      'Changes that wait on disk for the record store',
      () => records().spooled,
    );
    this.gauge(
      'passerby_records_buffered',
      'Changes that neither store nor disk took yet',
      () => records().buffered,
    );
    this.gauge('passerby_records_lost', 'Changes given up since the start: an alarm', () => records().lost);
    this.gauge('passerby_records_rejected', 'Changes the store can never take', () => records().rejected);
    this.gauge('passerby_pipes', 'Producers piped between workers', () => sources.media().pipes);
  }

  /** Counts calls as they open and end. */
  follow(calls: Calls): void {
    calls.on({
      opened: ({ mode, matchedAt, participants }) => {
        this.matches.inc({ mode });
        for (const { since } of participants)
          this.wait.observe({ mode }, Math.max(0, matchedAt - since) / 1000);
      },
      ended: (_call, reason) => this.callsEnded.inc({ reason }),
    });
  }

  async render(): Promise<{ type: string; body: string }> {
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
