import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { AnswerLimit } from '../app/ports/answer-limit';
import type { Bus, NodeAddress } from '../app/ports/bus';
import type { Clock } from '../app/ports/clock';
import type { GuestStore } from '../app/accounts/ports/guest-store';
import type { LeaseStore } from '../app/ports/lease-store';
import type { Throttle } from '../app/ports/throttle';
import type { TicketStore } from '../app/matchmaking/ticket-store';
import type { NodeLiveness } from '../app/cluster/ports/node-liveness';
import type { Config } from '../config';
import { MemoryBus } from '../memory/bus';
import { MemoryGuestStore } from '../memory/guest-store';
import { MemoryLeaseStore } from '../memory/lease-store';
import { MemoryNodeLiveness } from '../memory/node-liveness';
import { MemoryThrottle } from '../memory/throttle';
import { MemoryTicketStore } from '../memory/ticket-store';
import { RedisBus } from '../redis/bus';
import { RedisConnection } from '../redis/connection';
import { promptGuests, promptLeases } from '../redis/prompt';
import { RedisPulse } from '../redis/pulse';
import { RedisGuestStore } from '../redis/guest-store';
import { RedisLeaseStore } from '../redis/lease-store';
import { RedisNodeLiveness } from '../redis/liveness/redis-node-liveness';
import { RedisThrottle } from '../redis/throttle';
import { RedisTicketStore } from '../redis/ticket-store';
import type { Closers } from './closers';
import type { ErrorReporter } from '../app/ports/error-reporter';

/** What all nodes of an installation have in common. */
export interface Shared {
  /** Whether this is the only node: no snapshots have to be written for others. */
  readonly isAlone: boolean;
  readonly bus: Bus;
  readonly liveness: NodeLiveness;
  readonly leases: LeaseStore;
  /** The same leases for a greeting, which does not wait long. */
  readonly promptLeases: Pick<LeaseStore, 'find' | 'take'>;
  readonly tickets: TicketStore;
  readonly guests: GuestStore;
  readonly throttle: Throttle;
  /** Whether what the nodes have in common can be reached. */
  readonly sharedHealth: () => 'alone' | 'up' | 'down';
}

interface SharedDeps {
  readonly self: NodeAddress;
  readonly clock: Clock;
  readonly log: Logger;
  readonly reportError: ErrorReporter;
}

/** How long a start waits for Redis. */
const READY_MS = 10_000;
/** For what a greeting waits for. Whoever waits is let in as if Redis did not have them. */
const PROMPT = { limitMs: 800, pauseMs: 1_000 };

/** In Redis where the operator names one, else in this process. */
export async function openShared(config: Config, deps: SharedDeps, closers: Closers): Promise<Shared> {
  const { redisUrl } = config.cluster;
  return redisUrl === undefined ? openAlone(deps, closers) : openRedis(redisUrl, deps, closers);
}

function openAlone({ self, clock }: SharedDeps, closers: Closers): Shared {
  const leases = closers.add(new MemoryLeaseStore(clock));
  return {
    isAlone: true,
    bus: new MemoryBus(self),
    liveness: new MemoryNodeLiveness(self, clock),
    leases,
    promptLeases: leases,
    tickets: closers.add(new MemoryTicketStore()),
    guests: closers.add(new MemoryGuestStore()),
    throttle: new MemoryThrottle(clock),
    sharedHealth: () => 'alone',
  };
}

async function openRedis(url: string, deps: SharedDeps, closers: Closers): Promise<Shared> {
  const { self, clock, log, reportError } = deps;
  let trouble: string | undefined;
  const redis = closers.add(
    new RedisConnection({
      url,
      onError: (error) => {
        trouble = error.message;
        log.warn({ err: error }, 'trouble with Redis');
      },
    }),
  );
  try {
    await redis.ready(READY_MS);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(explainRedis(cause, trouble), { cause: error });
  }
  const onError = (error: unknown): void =>
    reportError(error, 'an operation in Redis failed and is repeated');
  const pulse = closers.add(watchPulse(redis, clock, log));
  const limit = new AnswerLimit(clock, PROMPT);
  const leases = closers.add(new RedisLeaseStore(redis));
  return {
    isAlone: false,
    // Closed by the messenger, after membership has sent `leaving` over it.
    bus: new RedisBus({ redis, clock, self, onError }),
    // Closed by membership.
    liveness: new RedisNodeLiveness({
      redis,
      redisUrl: url,
      self,
      clock,
      program: livenessProgram(),
      onError,
    }),
    leases,
    promptLeases: promptLeases(leases, limit),
    tickets: closers.add(new RedisTicketStore({ redis, clock, onError })),
    guests: closers.add(promptGuests(new RedisGuestStore(redis), limit)),
    throttle: new RedisThrottle(redis),
    sharedHealth: () => (pulse.isSilent ? 'down' : redis.health),
  };
}

/** One line when Redis hangs, and one when it answers again. Health says it meanwhile. */
const watchPulse = (redis: RedisConnection, clock: Clock, log: Logger): RedisPulse =>
  new RedisPulse({
    redis,
    clock,
    changed: (isSilent) => {
      if (isSilent) log.error('Redis hangs: it accepts requests and does not answer them');
      else log.info('Redis answers again');
    },
  });

/** The bundle of `liveness-thread.ts`: beside the bundle of the server, or where the sources are run from, in `build`. */
function livenessProgram(): string {
  const beside = path.join(__dirname, 'liveness-thread.js');
  return existsSync(beside) ? beside : path.join(__dirname, '../../build/server/liveness-thread.js');
}

/** Why Redis cannot be used. `cause`: of the last request; `trouble`: of the connection, which says more. */
function explainRedis(cause: string, trouble: string | undefined): string {
  const said = `${cause} ${trouble ?? ''}`;
  if (/WRONGPASS|NOAUTH|NOPERM/.test(said))
    return 'Redis refuses the user or password. Correct them in REDIS_URL.';
  if (/MOVED|CLUSTERDOWN|cross-slot/i.test(said))
    return 'Redis is a cluster. Name several of its servers in REDIS_URL, with commas between.';
  if (/DB index|SELECT/.test(said)) return 'Redis has no such database. Correct its number in REDIS_URL.';
  if (/cluster support disabled|ClusterAllFailedError|slots cache/i.test(said))
    return `The servers in REDIS_URL do not answer as a cluster (${trouble ?? cause}). Name one server, or those of a cluster.`;
  return `Redis does not answer (${trouble ?? cause}). Start it, or correct REDIS_URL.`;
}
