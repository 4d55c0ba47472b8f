import type { ChaosNode } from '../nodes/chaos-node';
import type { Pictures } from './pictures';

/** Later than this nobody should be back from a node that was killed. */
export const LONG_AWAY_MS = 5_000;

/** How somebody whose node was killed came back. */
export interface Return {
  /** From the kill until they were in a queue or a call again. */
  readonly ms: number;
  readonly to: 'queue' | 'call';
  /** What they were doing before was lost: they were greeted as somebody who does nothing. */
  readonly lost: boolean;
  /** Redis was there all the time. */
  readonly withRedis: boolean;
}

/** What all people of a run have in common: the nodes they may go to, and what is counted of them. */
export interface World {
  /** A node that serves, by these dice; undefined where none does at this moment. */
  pick(random: () => number): ChaosNode | undefined;
  redisIsUp(): boolean;
  readonly pictures: Pictures | undefined;
  readonly tally: Tally;
}

export class Tally {
  messages = 0;
  delivered = 0;
  searches = 0;
  drops = 0;
  resumes = 0;
  /** Greeted as somebody new although they showed a resume token. */
  forgotten = 0;
  /** Pages loaded again because the server said that they were doing something they knew nothing of. */
  reloads = 0;
  /** Closed as replaced by another window, where there was none. */
  replaced = 0;
  searchesEnded = 0;
  linesLost = 0;
  joins = 0;
  readonly violations: string[] = [];
  /** What a person would have wondered at, with what they had heard before. */
  readonly oddities: string[] = [];
  /** Errors by code and request. */
  readonly domainErrors = new Map<string, number>();
  /** Calls by how their people learnt of the end. */
  readonly returns: Return[] = [];

  refused(code: string, event: string): void {
    const key = `${code} (${event})`;
    this.domainErrors.set(key, (this.domainErrors.get(key) ?? 0) + 1);
  }
}
