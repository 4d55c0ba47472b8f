import { Router, type RequestHandler } from 'express';
import type { Calls } from '../app/calls/calls';
import type { Housekeeping } from '../app/housekeeping';
import type { Population } from '../app/population';
import type { MediaPlane } from '../app/ports/media-plane';
import { methodNotAllowed } from './errors';

export interface VideochatSources {
  readonly calls: Calls;
  readonly population: Population;
  readonly media: MediaPlane;
  readonly housekeeping: Housekeeping;
  readonly startedAt: number;
  readonly isStopping: () => boolean;
}

/** `/videochat/*`: health and stats for everybody, rooms and cleanup for operators. */
export function videochatRoutes(from: VideochatSources, operator: RequestHandler): Router {
  const router = Router();
  router.route('/health').get(health(from)).all(methodNotAllowed('GET'));
  router.route('/stats').get(stats(from)).all(methodNotAllowed('GET'));
  router.route('/rooms').get(operator, rooms(from)).all(methodNotAllowed('GET'));
  router.route('/cleanup').post(operator, cleanUp(from)).all(methodNotAllowed('POST'));
  return router;
}

/** One dead worker is being replaced and its people are helped; with none alive no call can be made. */
const health =
  ({ media, isStopping, startedAt }: VideochatSources): RequestHandler =>
  (_request, response) => {
    const { workers, workersAlive } = media.census();
    const status = isStopping()
      ? 'stopping'
      : workersAlive === 0
        ? 'down'
        : workersAlive < workers
          ? 'degraded'
          : 'ok';
    response.status(status === 'ok' || status === 'degraded' ? 200 : 503).json({
      status,
      timestamp: new Date().toISOString(),
      uptime: Math.round((Date.now() - startedAt) / 1000),
      media: { workers, workersAlive },
    });
  };

const stats =
  ({ population, calls }: VideochatSources): RequestHandler =>
  (_request, response) => {
    const { stats: counts, searchingBy } = population.now();
    response.json({ ...counts, searchingBy, activeRooms: calls.size, timestamp: new Date().toISOString() });
  };

const rooms =
  ({ calls }: VideochatSources): RequestHandler =>
  (_request, response) => {
    const list = [...calls.all()].map((call) => ({
      id: call.id,
      users: call.personIds,
      mode: call.mode,
      phase: call.phase.phase,
      media: call.media.state,
      createdAt: new Date(call.matchedAt).toISOString(),
      isActive: call.phase.phase !== 'ended',
    }));
    response.json({ rooms: list, count: list.length });
  };

const cleanUp =
  ({ housekeeping }: VideochatSources): RequestHandler =>
  async (_request, response) => {
    response.json(await housekeeping.cleanUp());
  };
