import { LIMITS } from '../../../../src/protocol';
import type { ConnectionProblem } from './state';

const RETRY_MS = { first: 400, most: 8_000 };
/**
 * The delays of the first retries after a node has moved the client to another one, and for how long no problem is
 * reported then.
 */
const MOVING_RETRY_MS = [0, 100, 200, 300];
const MOVING_SILENT_MS = 1_000;
/** After this time a restarting server is reported as unreachable. */
const RESTART_MS = 60_000;

/** How long a socket may take until the server has sent `connected`, at the first attempts and at most. */
const CONNECT_TIMEOUT_MS = { first: 8_000, most: 30_000 };
const FIRST_ATTEMPTS = 2;

/**
 * How long the next attempt may take (ms). A server that is too busy answers late: whoever hangs up then and comes again
 * loses their place in its line, and makes the line longer.
 */
export const connectTimeout = (attempts: number): number =>
  Math.min(
    CONNECT_TIMEOUT_MS.most,
    CONNECT_TIMEOUT_MS.first * 2 ** Math.max(0, attempts - FIRST_ATTEMPTS + 1),
  );

/** A time without a connection. */
export interface Outage {
  readonly since: number;
  readonly resumable: boolean;
  /** The node has moved this client to another node. */
  readonly moving: boolean;
  restarts: boolean;
  tried: boolean;
  /** The server takes no more new people for now, and has said when to come again (ms). */
  busyMs?: number | undefined;
}

/**
 * How long to wait before the next attempt (ms). `random` is from 0 to 1 and spreads the clients, so that not all of them
 * reconnect to a restarted server at once.
 */
export function retryDelay({ moving, busyMs }: Outage, attempts: number, random: number): number {
  if (busyMs !== undefined) return busyMs * (1 + random);
  const backoff = Math.min(RETRY_MS.first * 2 ** attempts, RETRY_MS.most);
  return (moving ? MOVING_RETRY_MS[attempts] : undefined) ?? backoff * (0.6 + random * 0.4);
}

/** For how long the outage is not reported yet (ms); 0 or less: it is reported now. */
export const silentFor = ({ moving, since }: Outage, now: number): number =>
  moving ? since + MOVING_SILENT_MS - now : 0;

/** Until when the server keeps the session; null when it does not. */
export const keptUntil = ({ resumable, since }: Outage): number | null =>
  resumable ? since + LIMITS.resumeSeconds * 1000 : null;

export function problemOf(
  { since, restarts, tried, busyMs }: Outage,
  { now, isOnline }: { readonly now: number; readonly isOnline: boolean },
): ConnectionProblem {
  if (!isOnline) return 'offline';
  if (busyMs !== undefined) return 'busy';
  if (restarts && now - since < RESTART_MS) return 'restarting';
  return tried ? 'unreachable' : 'dropped';
}
