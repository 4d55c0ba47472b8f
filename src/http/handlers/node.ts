import type { z } from 'zod';
import type { Calls } from '../../app/calls/calls';
import type { Drain } from '../../app/cluster/drain';
import type { OrphanCleanUp } from '../../app/reconciliation/orphans';
import type { LiveStats } from '../../app/peers/live-stats';
import type { LocalMediaNode } from '../../app/lines/media-node';
import type { DifferentSetting } from '../../domain/shared-settings';
import { RECORDS_LATE_MS, type RecordsHealth } from '../../app/ports/records-health';
import type { healthReplySchema } from '../endpoints/node-schemas';
import type { ForwardingCounts } from '../forwarding-monitor';
import { ReplyWithStatus } from '../routing/context';
import type { EndpointHandlers } from './types';

export interface NodeSources {
  readonly calls: Calls;
  readonly liveStats: LiveStats;
  readonly media: Pick<LocalMediaNode, 'stats'>;
  readonly orphanCleanUp: OrphanCleanUp;
  readonly records: { health(): RecordsHealth };
  readonly membership: {
    all(): readonly { readonly calls: number }[];
    differentSettings(): DifferentSetting[];
  };
  readonly sharedHealth: () => 'alone' | 'up' | 'down';
  readonly forwarding: { readonly counts: ForwardingCounts };
  readonly drain: Pick<Drain, 'isDraining' | 'remaining' | 'begin' | 'cancel'>;
  /** How long this node has been running. */
  readonly uptimeMs: () => number;
  readonly isStopping: () => boolean;
}

type Names = 'health' | 'stats' | 'rooms' | 'cleanUp' | 'drain' | 'endDrain';
type Health = z.infer<typeof healthReplySchema>;

/** The endpoints of a node for monitoring and for operators. */
export function nodeHandlers(sources: NodeSources): Pick<EndpointHandlers, Names> {
  const { liveStats, membership, orphanCleanUp, drain } = sources;
  const drainState = () => ({ draining: drain.isDraining, ...drain.remaining });
  return {
    health: () => {
      const reply = healthOf(sources);
      const canServe = reply.status === 'ok' || reply.status === 'degraded';
      return canServe ? reply : new ReplyWithStatus(503, reply);
    },
    stats: () => {
      const activeRooms = membership.all().reduce((sum, { calls }) => sum + calls, 0);
      return { ...liveStats.now(), activeRooms, timestamp: new Date().toISOString() };
    },
    rooms: () => roomsOf(sources),
    cleanUp: () => orphanCleanUp.cleanUp(),
    drain: () => {
      drain.begin();
      return drainState();
    },
    endDrain: () => {
      drain.cancel();
      return drainState();
    },
  };
}

function healthOf(sources: NodeSources): Health {
  const { media, membership, sharedHealth, uptimeMs } = sources;
  const { workers, workersAlive, workersFailing } = media.stats();
  const records = sources.records.health();
  return {
    status: statusOf(sources, records),
    timestamp: new Date().toISOString(),
    uptime: Math.round(uptimeMs() / 1000),
    media: { workers, workersAlive, workersFailing },
    nodes: {
      heard: membership.all().length,
      shared: sharedHealth(),
      different: membership.differentSettings(),
    },
    records,
    forwarding: sources.forwarding.counts,
  };
}

/**
 * A dead worker is being replaced, and its peers get new lines; with no worker alive no call can be made. A worker that
 * dies again and again may be alive at this moment. While the
 * records cannot be reached, calls go on, and changes wait to be written.
 */
function statusOf(
  { media, membership, isStopping, sharedHealth, drain: { isDraining } }: NodeSources,
  records: RecordsHealth,
): Health['status'] {
  const { workers, workersAlive, workersFailing } = media.stats();
  if (isStopping()) return 'stopping';
  if (isDraining) return 'draining';
  // A node without media of its own relies on the media of other nodes.
  if (workersAlive === 0 && workers > 0) return 'down';
  // Versions differ for a while whenever nodes are replaced one by one.
  const isAlike = membership.differentSettings().every(({ setting }) => setting === 'version');
  const isWhole =
    isAlike &&
    workersAlive === workers &&
    workersFailing === 0 &&
    records.store === 'up' &&
    records.buffered === 0 &&
    records.oldestMs < RECORDS_LATE_MS &&
    sharedHealth() !== 'down';
  return isWhole ? 'ok' : 'degraded';
}

function roomsOf({ calls }: Pick<NodeSources, 'calls'>) {
  const rooms = [...calls.all()].map((call) => ({
    id: call.id,
    users: [...call.peerIds],
    mode: call.mode,
    phase: call.phase.phase,
    media: call.media.state,
    createdAt: new Date(call.matchedAt).toISOString(),
    isActive: call.phase.phase !== 'ended',
  }));
  return { rooms, count: rooms.length };
}
