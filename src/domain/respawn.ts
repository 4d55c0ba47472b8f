const FIRST_MS = 200;
const MOST_MS = 30_000;

/**
 * How long to wait before a process that has died so often in a row is started again (ms): not at all after the first
 * death, then longer and longer.
 */
export const respawnDelay = (deathsInARow: number): number =>
  deathsInARow <= 1 ? 0 : Math.min(MOST_MS, FIRST_MS * 2 ** (deathsInARow - 2));
