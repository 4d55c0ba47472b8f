const FIRST_MS = 20;
const MOST_MS = 1_000;

/** How long to wait before trying again after this many failures in a row (1 or more). */
export const backoffMs = (failures: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
