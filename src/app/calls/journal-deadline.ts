import type { Clock } from '../ports/clock';

/** How long the journal may take to answer. Somebody waits for the reply that needs it. */
const JOURNAL_MS = 1_000;

/** What was read from the journal; null when the journal has not answered in time. Rejects when the journal does. */
export async function readInTime<T>(reading: Promise<T>, clock: Clock): Promise<T | null> {
  let stop = (): void => undefined;
  const late = new Promise<null>((resolve) => {
    stop = clock.after(JOURNAL_MS, () => resolve(null));
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    stop();
  }
}
