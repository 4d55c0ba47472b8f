import type { BillingDesk } from '../../app/plans/billing-desk';
import { DomainError } from '../../domain/error';
import type { EndpointHandlers } from './types';

/**
 * What the billing provider sends. The signature covers the bytes as they came, so they are not parsed before it is
 * checked. Success is answered only when the event has been processed: otherwise the provider sends it again.
 */
export const billingHandlers = (desk: BillingDesk | null): Pick<EndpointHandlers, 'billingEvent'> => ({
  billingEvent: async ({ body, header }) => {
    if (desk === null) throw new DomainError('not_found', 'no billing provider is set up');
    const signature = header('Stripe-Signature');
    if (body === undefined || signature === undefined) {
      throw new DomainError('webhook_refused', 'a signed body is needed');
    }
    return { received: await desk.take(body, signature) };
  },
});
