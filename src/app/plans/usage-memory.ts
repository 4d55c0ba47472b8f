import { usageAt, type Usage } from '../../domain/plans';
import type { Clock } from '../ports/clock';

/** Longer than the records take to store counted minutes, while they can be reached. */
const REMEMBERED_MS = 10 * 60_000;
const MOST_REMEMBERED = 20_000;

/**
 * Remembers the minutes that were counted lately, by user. When a user leaves and comes back at once, their record
 * may be read before the latest minutes are stored in it.
 */
export class UsageMemory {
  /** Longest unchanged first. */
  private readonly lately = new Map<string, { readonly usage: Usage; readonly at: number }>();

  constructor(private readonly clock: Pick<Clock, 'now' | 'elapsed'>) {}

  remember(userId: string, usage: Usage): void {
    this.lately.delete(userId);
    this.lately.set(userId, { usage, at: this.clock.elapsed() });
    const [oldest] = this.lately.keys();
    if (this.lately.size > MOST_REMEMBERED && oldest !== undefined) this.lately.delete(oldest);
  }

  /** The larger usage of the two: what the records say, and what was counted here lately. */
  merged(userId: string, kept: Usage): Usage {
    const known = this.lately.get(userId);
    if (known === undefined || this.clock.elapsed() - known.at > REMEMBERED_MS) return kept;
    const now = this.clock.now();
    const [here, there] = [usageAt(known.usage, now), usageAt(kept, now)];
    return {
      ...here,
      dayMs: Math.max(here.dayMs, there.dayMs),
      monthMs: Math.max(here.monthMs, there.monthMs),
      totalMs: Math.max(here.totalMs, there.totalMs),
    };
  }

  forget(userId: string): void {
    this.lately.delete(userId);
  }
}
