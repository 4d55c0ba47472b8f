import express, { Router } from 'express';
import type { BillingDesk } from '../app/plans/billing-desk';
import { DomainError } from '../domain/error';
import { methodNotAllowed } from './errors';

/** Stripe's events are a few KiB; nothing larger is read. */
const BODY_LIMIT = '256kb';

/**
 * `POST /api/billing/stripe`: what the billing provider tells. The signature is over the bytes as they came, so they are
 * not parsed before it is checked. A success is answered only when the event is taken over: the provider sends it again
 * otherwise.
 */
export function webhookRoutes(desk: BillingDesk | null): Router {
  const router = Router();
  router
    .route('/')
    .post(express.raw({ type: () => true, limit: BODY_LIMIT }), async (request, response) => {
      if (desk === null) throw new DomainError('not_found', 'no billing provider is set up');
      const body: unknown = request.body;
      const signature = request.headers['stripe-signature'];
      if (!Buffer.isBuffer(body) || typeof signature !== 'string') {
        throw new DomainError('webhook_refused', 'a signed body is needed');
      }
      response.json({ received: await desk.take(body, signature) });
    })
    .all(methodNotAllowed('POST'));
  return router;
}
