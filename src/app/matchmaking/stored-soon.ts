import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { notLongerThan } from '../ports/not-longer-than';

/** How long a reply waits for the store of tickets, which may hang. */
const STORED_WITHIN_MS = 800;

/**
 * Waits for the store of tickets, but not long: what the client asks for next waits for this reply. A search that goes on
 * says by itself when it is held or has ended.
 */
export const storedSoon = (
  stored: Promise<void>,
  { clock, reportError }: { readonly clock: Clock; readonly reportError: ErrorReporter },
): Promise<void> =>
  notLongerThan(stored, {
    clock,
    ms: STORED_WITHIN_MS,
    otherwise: undefined,
    failedLater: (error) => reportError(error, 'a search could not begin'),
  });
