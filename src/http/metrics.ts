import { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from './errors';

/** `GET /metrics` in Prometheus' text format, for operators. */
export function metricsRoutes(
  render: () => Promise<{ type: string; body: string }>,
  operator: RequestHandler,
): Router {
  const router = Router();
  router
    .route('/')
    .get(operator, async (_request, response) => {
      const { type, body } = await render();
      response.setHeader('Content-Type', type);
      response.send(body);
    })
    .all(methodNotAllowed('GET'));
  return router;
}
