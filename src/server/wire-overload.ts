import type { LoopLateness } from '../app/overload/loop-lateness';
import { registerOverloadMetrics } from '../app/overload/metrics';
import { NewWork } from '../app/overload/new-work';
import type { Clock } from '../app/ports/clock';
import type { MetricRegistry } from '../app/ports/metric-registry';
import type { RecordsHealth } from '../app/ports/records-health';
import type { Config } from '../config';

export interface WireOverloadDeps {
  readonly config: Pick<Config, 'signaling'>;
  readonly clock: Clock;
  readonly loop: LoopLateness;
  readonly records: { health(): RecordsHealth };
  readonly metrics: MetricRegistry;
}

/** How late this node is, and how much new work it takes because of that. */
export function wireOverload({ config, clock, loop, records, metrics }: WireOverloadDeps) {
  const newWork = new NewWork({
    clock,
    strain: () => ({ loopLateMs: loop.lateMs, recordsOldestMs: records.health().oldestMs }),
    limits: config.signaling.newPerSecond,
  });
  registerOverloadMetrics(metrics, { loop, newWork });
  const closeOverload = (): void => {
    newWork.close();
    loop.close();
  };
  return { newWork, closeOverload };
}
