import type { ChaosNode } from '../nodes/chaos-node';
import type { Installation } from '../nodes/installation';

const METRICS = {
  lost: 'passerby_records_lost',
  rejected: 'passerby_records_rejected',
  errors: 'passerby_errors_total',
} as const;

export interface RecordFigures {
  /** Changes of records that nodes gave up. */
  readonly lost: number;
  /** Changes that the store can never accept. */
  readonly rejected: number;
  /** Errors that nodes caught and counted. */
  readonly errors: number;
}

/**
 * What nodes report about their records. The counters of a killed node are lost, so they are read now and then, and the
 * last reading of each process of a node counts.
 */
export class RecordsAudit {
  private readonly lastReadings = new Map<string, RecordFigures>();
  /** Nodes that did not answer when they were read last. */
  unanswered: readonly string[] = [];

  constructor(private readonly installation: Installation) {}

  async read(): Promise<void> {
    const silent = await Promise.all(this.installation.nodes.map((node) => this.readNode(node)));
    this.unanswered = silent.flat();
  }

  figures(): RecordFigures {
    const sum = (of: (figures: RecordFigures) => number): number =>
      [...this.lastReadings.values()].reduce((total, figures) => total + of(figures), 0);
    return {
      lost: sum(({ lost }) => lost),
      rejected: sum(({ rejected }) => rejected),
      errors: sum(({ errors }) => errors),
    };
  }

  private async readNode(node: ChaosNode): Promise<string[]> {
    const life = `${node.name} ${node.lives}`;
    const metrics = await this.installation.read(node, '/metrics');
    if (metrics === null) return [`the records of ${node.name} are unknown`];
    this.lastReadings.set(life, {
      lost: metric(metrics, METRICS.lost),
      rejected: metric(metrics, METRICS.rejected),
      errors: metric(metrics, METRICS.errors),
    });
    return [];
  }
}

/** The value of a metric without labels. Throws when it is missing: an uncounted value must not pass for zero. */
export function metric(metrics: string, name: string): number {
  const value = Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);
  if (Number.isNaN(value)) throw new Error(`there is no metric ${name}`);
  return value;
}

export interface RecordErrors {
  /** Alarms and errors about changes that were late: they were kept in the end, or another count tells. */
  readonly late: number;
  /** Anything else that went wrong with records. */
  readonly others: number;
}

/** Counts the logged errors that say that a record was not kept. */
export function recordErrors(logged: ReadonlyMap<string, number>): RecordErrors {
  const aboutRecords = [...logged].filter(([words]) => /\brecord(s|ed)?\b/i.test(words));
  const sum = (isCounted: (words: string) => boolean): number =>
    aboutRecords.reduce((total, [words, count]) => total + (isCounted(words) ? count : 0), 0);
  const isLate = (words: string): boolean => /not kept within \d+ ms|records are written late/.test(words);
  return { late: sum(isLate), others: sum((words) => !isLate(words)) };
}
