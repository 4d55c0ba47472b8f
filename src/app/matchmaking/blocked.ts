import { userIdOf } from '../../domain/users';

/** The peer's id, and the ids of all users whom the peer has blocked. */
export interface Blocker {
  readonly id: string;
  readonly blocked: ReadonlySet<string>;
}

/**
 * Whether one of the two has blocked the other. A ticket holds the blocks of the moment in which it was made, and a
 * peer may block an earlier partner while searching. So this is checked once more when a match becomes a call (M2).
 */
export const haveBlocked = (one: Blocker, other: Blocker): boolean =>
  one.blocked.has(userIdOf(other.id)) || other.blocked.has(userIdOf(one.id));
