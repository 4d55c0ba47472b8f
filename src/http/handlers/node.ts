import type { z } from 'zod';
import type { Calls } from '../../app/calls/calls';
import type { Drain } from '../../app/cluster/drain';
import type { OrphanCleanUp } from '../../app/reconciliation/orphans';
import type { LiveStats } from '../../app/peers/live-stats';
import type { LocalMediaNode } from '../../app/lines/media-node';
import type { DifferentSetting } from '../../domain/shared-settings';
import type { MailHealth } from '../../app/ports/mail-health';
import { RECORDS_LATE_MS, type RecordsHealth } from '../../app/ports/records-health';
import { TROUBLES, type healthReplySchema } from '../endpoints/node-schemas';
import type { ForwardingCounts } from '../forwarding-monitor';
import { ReplyWithStatus } from '../routing/context';
import type { EndpointHandlers } from './types';

export interface NodeSources {
  readonly calls: Calls;
  readonly liveStats: LiveStats;
  readonly media: Pick<LocalMediaNode, 'stats'>;
  readonly orphanCleanUp: OrphanCleanUp;
  readonly records: { health(): RecordsHealth };
  readonly mailer: { health(): MailHealth };
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
  const troubles = troublesOf(sources);
  return {
    status: statusOf(sources, troubles),
    degradedBy: troubles,
    timestamp: new Date().toISOString(),
    uptime: Math.round(uptimeMs() / 1000),
    media: { workers, workersAlive, workersFailing },
    nodes: {
      heard: membership.all().length,
      shared: sharedHealth(),
      different: membership.differentSettings(),
    },
    records: sources.records.health(),
    mail: sources.mailer.health(),
    forwarding: sources.forwarding.counts,
  };
}

/** With no worker alive no call can be made. With the rest of these the node still serves. */
function statusOf(
  { media, isStopping, drain: { isDraining } }: NodeSources,
  troubles: Health['degradedBy'],
): Health['status'] {
  const { workers, workersAlive } = media.stats();
  if (isStopping()) return 'stopping';
  if (isDraining) return 'draining';
  // A node without media of its own relies on the media of other nodes.
  if (workersAlive === 0 && workers > 0) return 'down';
  return troubles.length === 0 ? 'ok' : 'degraded';
}

/**
 * A dead worker is being replaced, and its peers get new lines. A worker that dies again and again may be alive at this
 * moment. While the records cannot be reached, calls go on, and changes wait to be written.
 */
function troublesOf({ media, membership, sharedHealth, records, mailer }: NodeSources): Health['degradedBy'] {
  const { workers, workersAlive, workersFailing } = media.stats();
  const { store, disk, buffered, oldestMs } = records.health();
  const is: Record<Health['degradedBy'][number], boolean> = {
    media: workersAlive !== workers || workersFailing > 0,
    // Versions differ for a while whenever nodes are replaced one by one.
    settings: membership.differentSettings().some(({ setting }) => setting !== 'version'),
    store: store === 'down',
    disk: disk === 'down',
    late: buffered > 0 || oldestMs >= RECORDS_LATE_MS,
    shared: sharedHealth() === 'down',
    mail: mailer.health().server === 'down',
  };
  return TROUBLES.filter((trouble) => is[trouble]);
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
