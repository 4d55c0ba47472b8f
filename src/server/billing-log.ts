import type { Logger } from 'pino';
import type { BillingDeskEvents } from '../app/plans/billing-desk';
import type { ProviderWatchEvents } from '../app/plans/provider-watch';
import type { EventSource } from '../app/ports/event-emitter';

/** One line when the payment provider, or what it sends, is away, and one when it is back. */
export function logBilling(
  log: Pick<Logger, 'error' | 'info'>,
  desk: EventSource<BillingDeskEvents> | null,
  watch: EventSource<ProviderWatchEvents> | null,
): void {
  desk?.on({ acceptedAgain: () => log.info('events of the payment provider are accepted again') });
  watch?.on({
    away: (error) =>
      log.error({ err: error }, 'the payment provider cannot be reached, or rejects what it is asked'),
    back: () => log.info('the payment provider answers again'),
  });
}
