import { DomainError } from '../../domain/error';
import type { Clock } from '../ports/clock';
import type { Bucket, LocalThrottle, Throttle } from '../ports/throttle';

/** How much of a limit each node lets through by itself before it asks. */
const OWN_SHARE = 0.1;
/** Whoever waits for the answer is somebody who comes, searches or reports (ms). */
const ANSWER_MS = 400;

export interface SharedThrottleDeps {
  readonly local: LocalThrottle;
  /** Counts for all nodes together. */
  readonly shared: Throttle;
  readonly clock: Clock;
}

/**
 * Counts for all nodes together, and asks only about those who do much: each node lets a tenth of a limit through by
 * itself. So the many who do little cost no round trip, and notice nothing while the nodes cannot count together. Those
 * who do much are then counted on each node alone.
 */
export class SharedThrottle implements Throttle {
  constructor(private readonly deps: SharedThrottleDeps) {}

  async take(buckets: readonly Bucket[]): Promise<number> {
    const { local } = this.deps;
    if (local.takeNow(buckets.map(ownShare)) === 0) return 0;
    return (await this.ask(buckets)) ?? local.takeNow(buckets);
  }

  /** Undefined: there is no answer in time. */
  private async ask(buckets: readonly Bucket[]): Promise<number | undefined> {
    const { shared, clock } = this.deps;
    let stop = (): void => undefined;
    const late = new Promise<undefined>((resolve) => {
      stop = clock.after(ANSWER_MS, () => resolve(undefined));
    });
    const answer = shared.take(buckets).catch((error: unknown) => {
      if (error instanceof DomainError) return undefined;
      throw error;
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      stop();
    }
  }
}

const ownShare = ({ key, limit: { burst, perSecond } }: Bucket): Bucket => ({
  key: `own ${key}`,
  limit: { burst: Math.max(1, burst * OWN_SHARE), perSecond: perSecond * OWN_SHARE },
});
