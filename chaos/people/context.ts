import type { ChaosNode } from '../nodes/chaos-node';
import type { Pictures } from './pictures';

/** A client that takes longer to come back from a killed node is reported with its last messages (ms). */
export const LONG_AWAY_MS = 5_000;

/** How a client whose node was killed came back. */
export interface Recovery {
  /**
   * From the kill until they were in a queue or a call again, without the time in which the node that they came to was
   * stopped by this run: that is another harm, and no node can answer meanwhile.
   */
  readonly ms: number;
  /** How long that node was stopped in between. */
  readonly stillMs: number;
  readonly to: 'queue' | 'call';
  /** The client's state was lost: the handshake had the state `idle`. */
  readonly lostState: boolean;
  /** Redis was there all the time. */
  readonly withRedis: boolean;
}

/** A chat message of a client. Times are in ms since the epoch. */
export interface SentMessage {
  readonly id: string;
  readonly callId: string;
  readonly sender: string;
  /** When the server acknowledged it; null: it never did. */
  acknowledgedAt: number | null;
  /** It has arrived at another client. */
  hasArrived: boolean;
}

/** What all clients of a run share: the nodes they may connect to, and the counters. */
export interface ChaosContext {
  /** A node that serves, by these dice; undefined where none does at this moment. */
  pick(random: () => number): ChaosNode | undefined;
  /** When Redis was last away (ms since the epoch): now where it still is, and null where it never was. */
  redisLastAway(): number | null;
  readonly pictures: Pictures | undefined;
  readonly tally: Tally;
}

export class Tally {
  /** All messages by their ids. */
  readonly messages = new Map<string, SentMessage>();
  searches = 0;
  drops = 0;
  resumes = 0;
  /** New peer ids although the client showed a resume token that no loss of Redis can have made invalid. */
  forgotten = 0;
  /** The same where Redis, which keeps nothing here, was away shortly before they were cut off, or since then. */
  forgottenWithRedis = 0;
  /** Pages loaded again because the server said that they were doing something they knew nothing of. */
  reloads = 0;
  /** Closed as replaced by another window, where there was none. */
  replaced = 0;
  searchesEnded = 0;
  linesLost = 0;
  joins = 0;
  readonly violations: string[] = [];
  /** Events that would have surprised a user, with the messages before them. */
  readonly oddities: string[] = [];
  /** Errors by code and request. */
  readonly errors = new Map<string, number>();
  readonly recoveries: Recovery[] = [];

  rejected(code: string, event: string): void {
    const key = `${code} (${event})`;
    this.errors.set(key, (this.errors.get(key) ?? 0) + 1);
  }
}
