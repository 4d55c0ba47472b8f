import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import type { Plans } from '../app/plans/plans';
import { DomainError } from '../domain/error';
import { planStateSchema } from '../protocol';
import { readJson } from './api/body';
import { methodNotAllowed } from './errors';

export const grantSchema = z.object({
  userId: z.string().min(1).max(80),
  planId: z.string().max(32),
  /** ISO 8601 with an offset; null: no end. */
  until: z.iso.datetime({ offset: true }).nullable(),
});
export const grantReplySchema = z.object({ plan: planStateSchema });

/** `POST /videochat/plans`: the operator's own way of giving somebody a plan, where no billing provider is (P2). */
export function grantRoutes(plans: Pick<Plans, 'grant'>, operator: RequestHandler): Router {
  const router = Router();
  router
    .route('/')
    .post(operator, async (request, response) => {
      const parsed = grantSchema.safeParse(await readJson(request));
      if (!parsed.success) {
        const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'body');
        throw new DomainError('bad_data', `not as it should be: ${paths.join(', ')}`);
      }
      const { userId, planId, until } = parsed.data;
      response.json({ plan: await plans.grant(userId, planId, until === null ? null : Date.parse(until)) });
    })
    .all(methodNotAllowed('POST'));
  return router;
}
