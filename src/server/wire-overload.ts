import { CHAT_LIMIT } from '../app/calls/call';
import { GraceTimer } from '../app/overload/grace-timer';
import { GuestPace } from '../app/overload/guest-pace';
import { LoopLateness } from '../app/overload/loop-lateness';
import { registerOverloadMetrics } from '../app/overload/metrics';
import { NewWork } from '../app/overload/new-work';
import { SharedThrottle } from '../app/overload/shared-throttle';
import type { Clock } from '../app/ports/clock';
import type { MetricRegistry } from '../app/ports/metric-registry';
import type { RecordsHealth } from '../app/ports/records-health';
import type { Throttle } from '../app/ports/throttle';
import type { Config } from '../config';
import { guestLimits } from '../domain/guest-limits';
import { MemoryThrottle } from '../memory/throttle';

export interface WireOverloadDeps {
  readonly config: Pick<Config, 'signaling' | 'matchmaking'>;
  readonly adapters: {
    readonly clock: Clock;
    readonly records: { health(): RecordsHealth };
    readonly throttle: Throttle;
    readonly isAlone: boolean;
  };
  readonly metrics: MetricRegistry;
}

/** How late this node is, how much new work it takes because of that, and how much of one address. */
export function wireOverload({ config, adapters, metrics }: WireOverloadDeps) {
  const { clock, records, throttle, isAlone } = adapters;
  const loop = new LoopLateness(clock);
  const newWork = new NewWork({
    clock,
    strain: () => ({ loopLateMs: loop.lateMs, recordsOldestMs: records.health().oldestMs }),
    limits: config.signaling.newPerSecond,
  });
  // Its own one: however many addresses come, no attempts to log in are forgotten.
  const local = new MemoryThrottle(clock);
  const pace = new GuestPace({
    limits: guestLimits(config.signaling.guestRoom, {
      skips: config.matchmaking.skips,
      messages: CHAT_LIMIT,
    }),
    throttle: isAlone ? local : new SharedThrottle({ local, shared: throttle, clock }),
    local,
  });
  registerOverloadMetrics(metrics, { loop, newWork, pace });
  const closeOverload = (): void => {
    newWork.close();
    loop.close();
  };
  return { newWork, pace, graceTimer: new GraceTimer(clock, loop), closeOverload };
}
