import { Router, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Calls } from '../app/calls/calls';
import type { Housekeeping } from '../app/housekeeping';
import type { Population } from '../app/population';
import type { MediaPlane } from '../app/ports/media-plane';
import { methodNotAllowed } from './errors';

export interface VideochatSources {
  readonly log: Logger;
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

  router
    .route('/health')
    .get((_request, response) => {
      const { workers, workersAlive } = from.media.census();
      const stopping = from.isStopping();
      // One dead worker is being replaced and its people are helped; none alive means no call can be made.
      const status = stopping
        ? 'stopping'
        : workersAlive === 0
          ? 'down'
          : workersAlive < workers
            ? 'degraded'
            : 'ok';
      response.status(status === 'ok' || status === 'degraded' ? 200 : 503).json({
        status,
        timestamp: new Date().toISOString(),
        uptime: Math.round((Date.now() - from.startedAt) / 1000),
        media: { workers, workersAlive },
      });
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/stats')
    .get((_request, response) => {
      const { stats, searchingBy } = from.population.now();
      response.json({
        ...stats,
        searchingBy,
        activeRooms: from.calls.size,
        timestamp: new Date().toISOString(),
      });
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/rooms')
    .get(operator, (_request, response) => {
      const rooms = [...from.calls.all()].map((call) => ({
        id: call.id,
        users: call.personIds,
        mode: call.mode,
        phase: call.phase.phase,
        media: call.media.state,
        createdAt: new Date(call.matchedAt).toISOString(),
        isActive: call.phase.phase !== 'ended',
      }));
      response.json({ rooms, count: rooms.length });
    })
    .all(methodNotAllowed('GET'));

  router
    .route('/cleanup')
    .post(operator, async (_request, response) => {
      response.json(await from.housekeeping.cleanUp());
    })
    .all(methodNotAllowed('POST'));

  return router;
}
