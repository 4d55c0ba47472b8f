import { Router, type RequestHandler } from 'express';
import type { z } from 'zod';
import type { Calls } from '../app/calls/calls';
import type { Drain } from '../app/cluster/drain';
import type { OrphanCleanUp } from '../app/reconciliation/orphans';
import type { LiveStats } from '../app/peers/live-stats';
import type { MediaPlane } from '../app/lines/media-plane';
import type { RecordsHealth } from '../app/ports/records-health';
import { methodNotAllowed } from './errors';
import type {
  cleanUpReplySchema,
  drainReplySchema,
  healthReplySchema,
  roomsReplySchema,
  statsReplySchema,
} from './replies';

export interface VideochatSources {
  readonly calls: Calls;
  readonly liveStats: LiveStats;
  readonly media: MediaPlane;
  readonly orphanCleanUp: OrphanCleanUp;
  readonly records: { health(): RecordsHealth };
  readonly membership: { all(): readonly { readonly calls: number }[] };
  readonly sharedHealth: () => 'alone' | 'up' | 'down';
  readonly drain: Pick<Drain, 'isDraining' | 'left' | 'begin' | 'cancel'>;
  readonly startedAt: number;
  readonly isStopping: () => boolean;
}

/** `/videochat/*`: health and stats for everybody, rooms and cleanup for operators. */
export function videochatRoutes(from: VideochatSources, operator: RequestHandler): Router {
  const router = Router();
  router.route('/health').get(health(from)).all(methodNotAllowed('GET'));
  router.route('/stats').get(stats(from)).all(methodNotAllowed('GET'));
  router.route('/rooms').get(operator, rooms(from)).all(methodNotAllowed('GET'));
  router
    .route('/drain')
    .post(operator, drain(from, 'begin'))
    .delete(operator, drain(from, 'cancel'))
    .all(methodNotAllowed('POST', 'DELETE'));
  router.route('/cleanup').post(operator, cleanUp(from)).all(methodNotAllowed('POST'));
  return router;
}

/**
 * One dead worker is being replaced and its people are helped; with none alive no call can be made. With the records
 * away calls go on, and what is to be written waits.
 */
const health =
  (from: VideochatSources): RequestHandler =>
  (_request, response) => {
    const { workers, workersAlive } = from.media.stats();
    const records = from.records.health();
    const status = statusOf(from, records);
    const reply: z.input<typeof healthReplySchema> = {
      status,
      timestamp: new Date().toISOString(),
      uptime: Math.round((Date.now() - from.startedAt) / 1000),
      media: { workers, workersAlive },
      nodes: { heard: from.membership.all().length, shared: from.sharedHealth() },
      records,
    };
    response.status(status === 'ok' || status === 'degraded' ? 200 : 503).json(reply);
  };

function statusOf(
  { media, isStopping, sharedHealth, drain: { isDraining } }: VideochatSources,
  records: RecordsHealth,
): z.input<typeof healthReplySchema>['status'] {
  const { workers, workersAlive } = media.stats();
  if (isStopping()) return 'stopping';
  if (isDraining) return 'draining';
  // A node without media of its own counts on others for it.
  if (workersAlive === 0 && workers > 0) return 'down';
  const isWhole =
    workersAlive === workers && records.store === 'up' && records.buffered === 0 && sharedHealth() !== 'down';
  return isWhole ? 'ok' : 'degraded';
}

const stats =
  ({ liveStats, membership }: VideochatSources): RequestHandler =>
  (_request, response) => {
    const { stats: counts, searchingBy } = liveStats.now();
    const timestamp = new Date().toISOString();
    const reply: z.input<typeof statsReplySchema> = {
      ...counts,
      searchingBy,
      activeRooms: membership.all().reduce((sum, { calls }) => sum + calls, 0),
      timestamp,
    };
    response.json(reply);
  };

const rooms =
  ({ calls }: VideochatSources): RequestHandler =>
  (_request, response) => {
    const list = [...calls.all()].map((call) => ({
      id: call.id,
      users: [...call.peerIds],
      mode: call.mode,
      phase: call.phase.phase,
      media: call.media.state,
      createdAt: new Date(call.matchedAt).toISOString(),
      isActive: call.phase.phase !== 'ended',
    }));
    const reply: z.input<typeof roomsReplySchema> = { rooms: list, count: list.length };
    response.json(reply);
  };

const cleanUp =
  ({ orphanCleanUp }: VideochatSources): RequestHandler =>
  async (_request, response) => {
    const reply: z.input<typeof cleanUpReplySchema> = await orphanCleanUp.cleanUp();
    response.json(reply);
  };

/** Empties the node for whatever is to be done with it, or takes that back. */
const drain =
  ({ drain: draining }: VideochatSources, what: 'begin' | 'cancel'): RequestHandler =>
  (_request, response) => {
    draining[what]();
    const reply: z.input<typeof drainReplySchema> = { draining: draining.isDraining, ...draining.left };
    response.json(reply);
  };
