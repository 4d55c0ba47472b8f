/** A node that was silent for this long is dead. */
export const DEAD_AFTER_MS = 1_900;
/** A node on whose channel no process listens is dead sooner. */
export const UNHEARD_DEAD_AFTER_MS = 900;

/** What the store that all nodes share says of signs of life, measured by its own clock. */
export interface Silence {
  /** How long some node has sent signs of life without a gap; null: none does at this moment. */
  readonly watchedMs: number | null;
  /** How long ago the last sign of the other node came; null: the store knows of none. */
  readonly silentMs: number | null;
}

/**
 * Whether a silent node is dead. Only the store's clock counts: how late the node that asks may be, and how late the
 * other node's messages are, plays no part. Unless some node, whichever, has sent signs for as long as a dead node is
 * silent, nothing is concluded: the store may have been away, and have forgotten everybody.
 */
export function isDead({ watchedMs, silentMs }: Silence, isUnheard: boolean): boolean {
  if (watchedMs === null || watchedMs < DEAD_AFTER_MS) return false;
  return silentMs === null || silentMs >= (isUnheard ? UNHEARD_DEAD_AFTER_MS : DEAD_AFTER_MS);
}

/** Whether other nodes may have declared a node dead in a gap between two of its signs. */
export const mayHaveBeenDeclaredDead = (gapMs: number | null): boolean =>
  gapMs === null || gapMs >= UNHEARD_DEAD_AFTER_MS;
