import type { Clock } from '../ports/clock';
import { notLongerThan } from '../ports/not-longer-than';

/** How long the journal may take to answer. Somebody waits for the reply that needs it. */
const JOURNAL_MS = 1_000;

/** What was read from the journal; null when the journal has not answered in time. Rejects when the journal does. */
export const readInTime = <T>(reading: Promise<T>, clock: Clock): Promise<T | null> =>
  notLongerThan<T | null>(reading, {
    clock,
    ms: JOURNAL_MS,
    otherwise: null,
    // Nobody waits for what is read so late.
    failedLater: () => undefined,
  });
